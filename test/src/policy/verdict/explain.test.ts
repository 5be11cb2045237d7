import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNetworkPolicy } from '../../../../src/policy/kubernetes/network_policy.js';
import type { CompiledPolicy } from '../../../../src/policy/rules/policy.js';
import { explain } from '../../../../src/policy/verdict/explain.js';
import type { Effect } from '../../../../src/policy/verdict/verdict.js';
import { clusterOf, objectOf, policyYaml, SHOP } from '../cluster.js';

const shop = clusterOf(SHOP);

/** A policy about every pod of shop, by the YAML of its ingress rules. */
function policy(rules = ''): CompiledPolicy {
  const [one] = compileNetworkPolicy(objectOf(policyYaml('p', `podSelector: {}\ningress: [${rules}]`)));
  assert(one !== undefined);
  return one;
}

/** What is told of shop/web > shop/db TCP 80 where these policies have the effect. */
function explained(...parts: readonly (readonly [CompiledPolicy, Effect?])[]): string[] {
  const connection = {
    source: shop.endpointAt('10.0.0.1'),
    destination: shop.endpointAt('10.0.0.2'),
    protocol: 'TCP',
    sourcePort: null,
    destinationPort: 80,
  };
  const decisions = parts.map(([one, effect = 'isolates']) => ({
    policy: one,
    effect,
    rule: undefined,
    unknown: undefined,
  }));
  const verdict = {
    direction: 'ingress',
    connection,
    verdict: 'denied',
    decisions,
    otherwise: undefined,
  } as const;
  return explain(verdict, shop).map(({ why }) => why);
}

const EMPTY = 'it has no ingress rules, so it allows nothing';

test('specs of one policy are told once, any two policies each', () => {
  const one = policy();
  assert.deepEqual(explained([one], [policy()]), [EMPTY]);
  const others: Partial<CompiledPolicy>[] = [
    { kind: 'OtherPolicy' },
    { apiVersion: 'example.org/v1' },
    { namespace: 'prod' },
    { name: 'q' },
  ];
  for (const other of others) assert.deepEqual(explained([one], [{ ...one, ...other }]), [EMPTY, EMPTY]);
  assert.deepEqual(explained([one, 'passes'], [one]), ['its tier passes on what no rule matches', EMPTY]);
});

test('of several specs the nearest is told, of equally near ones the first', () => {
  const [a, b] = [policy('{ports: [{port: 1}]}'), policy('{ports: [{port: 2}]}')];
  const farther = policy('{from: [{podSelector: {matchLabels: {app: api}}}]}');
  const asks = (port: number) => [`ingress rule 0 allows only TCP ${port}, the connection is to TCP 80`];
  assert.deepEqual(explained([a], [b]), asks(1));
  assert.deepEqual(explained([b], [a]), asks(2));
  assert.deepEqual(explained([farther], [a]), asks(1));
});
