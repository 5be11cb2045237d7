import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateAt } from '../../../../src/policy/history/state_at.js';
import { Evaluator } from '../../../../src/policy/verdict/evaluator.js';
import { clusterOf, policyYaml, SHOP } from '../cluster.js';

/** What one evaluator says of connections, one after the other: `10.0.0.1 10.0.0.2 80`. */
function said(state: StateAt, ...connections: readonly string[]): string[] {
  const evaluator = new Evaluator(state);
  return connections.map((connection) => {
    const [source = '', destination = '', port] = connection.split(' ');
    const { verdict, ingress } = evaluator.evaluate({
      source: state.endpointAt(source),
      destination: state.endpointAt(destination),
      protocol: 'TCP',
      sourcePort: null,
      destinationPort: Number(port),
    });
    return [verdict, ...evaluator.explain(ingress).map(({ why }) => why)].join(': ');
  });
}

test('addresses that a policy does not tell apart are judged alike, each with its own words', () => {
  const rules = 'ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]';
  const state = clusterOf(SHOP, policyYaml('p', `podSelector: {}\n${rules}`));
  assert.deepEqual(
    said(
      state,
      '192.0.2.1 10.0.0.2 80',
      '192.0.2.129 10.0.0.2 80',
      '192.0.2.200 10.0.0.2 80',
      '198.51.100.1 10.0.0.2 80',
    ),
    [
      'allowed: ingress rule 0 allows it',
      'denied: ingress rule 0 allows 192.0.2.0/24 except 192.0.2.128/25, the source 192.0.2.129 is among the exceptions',
      'denied: ingress rule 0 allows 192.0.2.0/24 except 192.0.2.128/25, the source 192.0.2.200 is among the exceptions',
      'denied: ingress rule 0 allows 192.0.2.0/24 except 192.0.2.128/25, the source 198.51.100.1 is outside',
    ],
  );
});

test('each port is judged by itself', () => {
  const state = clusterOf(SHOP, policyYaml('p', 'podSelector: {}\ningress: [{ports: [{port: 80}]}]'));
  assert.deepEqual(said(state, '192.0.2.1 10.0.0.2 80', '192.0.2.1 10.0.0.2 81'), [
    'allowed: ingress rule 0 allows it',
    'denied: ingress rule 0 allows only TCP 80, the connection is to TCP 81',
  ]);
});

test('ends under more blocks than are worth comparing are judged one by one', () => {
  const rules = Array.from(
    { length: 70 },
    (_, i) => `{from: [{ipBlock: {cidr: 203.0.${i}.0/24}}], ports: [{port: 80}]}`,
  );
  const state = clusterOf(SHOP, policyYaml('p', `podSelector: {}\ningress: [${rules.join(', ')}]`));
  const questions = [
    '203.0.69.1 10.0.0.2 80',
    '203.0.70.1 10.0.0.2 80',
    '203.0.69.2 10.0.0.2 80',
    '203.0.3.1 10.0.0.2 81',
  ];
  assert.deepEqual(said(state, ...questions), [
    'allowed: ingress rule 69 allows it',
    'denied: ingress rule 0 allows 203.0.0.0/24, the source 203.0.70.1 is outside',
    'allowed: ingress rule 69 allows it',
    'denied: ingress rule 3 allows only TCP 80, the connection is to TCP 81',
  ]);
});
