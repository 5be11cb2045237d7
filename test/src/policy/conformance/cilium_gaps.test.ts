import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCiliumNetworkPolicy } from '../../../../src/policy/cilium/network_policy.js';
import type { PodEndpoint } from '../../../../src/policy/cluster/endpoint.js';
import type { StateAt } from '../../../../src/policy/history/state_at.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { Evaluator } from '../../../../src/policy/verdict/evaluator.js';
import { explain } from '../../../../src/policy/verdict/explain.js';
import { ask, clusterOf, marks, objectOf, rowsOf, SHOP } from '../cluster.js';
import { fromWeb, group, service, toDb } from './cilium.js';

test('fromCIDRSet: an address that may be of a group that was not recorded', () => {
  const objects = [SHOP, group('corp', '1.2.3.0/24'), toDb('fromCIDRSet: [{cidrGroupRef: corp}]')];
  const rows = [...objects.flatMap((yaml) => rowsOf(yaml)), ...marks()];
  const gap = { kind: 'CiliumCIDRGroup', since: 0n, until: 60_000_000_000n, reason: 'test' };
  const state = new ClusterTimeline(rows, [gap]).at(0n);
  assert.equal(ask(state, '1.2.3.4 > shop/db TCP 80').split('\n')[0], 'allowed');
  assert.equal(
    ask(state, '9.9.9.9 > shop/db TCP 80'),
    'unknown\ningress: CiliumNetworkPolicy shop/p unknown: ingress rule 0 may allow it: CiliumCIDRGroup objects were not watched from 1970-01-01T00:00:00.000000000Z to 1970-01-01T00:01:00.000000000Z (test)',
  );
});

test('toServices: a pod that has no address yet is behind the service whose selector takes it', () => {
  const rule = fromWeb('toServices: [{k8sService: {serviceName: api, namespace: prod}}]');
  const why = (service: string) => {
    const state = clusterOf(SHOP, service, rule);
    const source = state.endpointAt('10.0.0.1');
    const { pod } = state.endpointAt('10.0.1.1') as PodEndpoint;
    const destination = { kind: 'pod', address: '', ip: undefined, pod } as const;
    const connection = { source, destination, protocol: 'TCP', sourcePort: null, destinationPort: 80 };
    const { egress } = new Evaluator(state).evaluate(connection);
    return explain(egress, state).map((one) => one.why);
  };
  assert.deepEqual(why(service('prod/api', '10.0.1.1')), [
    'egress rule 0 may allow it: where service prod/api leads was not recorded',
  ]);
  const selecting = (labels: string) =>
    `{kind: Service, apiVersion: v1, metadata: {namespace: prod, name: api}, spec: {selector: {${labels}}, ports: [{port: 443}]}}`;
  assert.deepEqual(why(selecting('app: web')), ['egress rule 0 allows it']);
  assert.deepEqual(why(selecting('app: api')), [
    'egress rule 0 allows service prod/api, the destination is pod prod/web',
  ]);
});

test('labels of pods alone are asked for by an EndClause, which is remembered for each pod', () => {
  const kinds = (rule: string) => {
    const [policy] = compileCiliumNetworkPolicy(objectOf(toDb(rule)));
    return policy?.sections.ingress?.rules.flatMap(({ clauses }) =>
      clauses.map((one) => one.constructor.name),
    );
  };
  assert.deepEqual(kinds('fromEndpoints: [{}, {matchLabels: {app: web}}]'), ['EndClause']);
  assert.deepEqual(kinds('fromEndpoints: [{}, {matchLabels: {"reserved:host": ""}}]'), ['PeerClause']);
});

test('rules read as people say them', () => {
  const said = (policy: string) => {
    const [{ sections } = { sections: undefined }] = compileCiliumNetworkPolicy(objectOf(policy));
    const rules = [...(sections?.ingress?.rules ?? []), ...(sections?.egress?.rules ?? [])];
    return rules.map(({ clauses }) =>
      clauses.map(({ preposition, text }) => `${preposition} ${text}`).join(' '),
    );
  };
  const http =
    'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}, {ports: [{port: "81", protocol: TCP}]}]';
  assert.deepEqual(said(toDb(`fromEntities: [world, host], ${http}`)), [
    'from entity world or entity host on TCP 81',
    'from entity world or entity host on TCP 80 with HTTP rules',
  ]);
  assert.deepEqual(
    said(fromWeb('toNodes: [{}], icmps: [{fields: [{type: 8}, {family: IPv6, type: 128}]}]')),
    ['to every node other than its own on ICMP type 8 or IPv6-ICMP type 128'],
  );
});

test('the name of a port in egress tells apart the number that it has in other pods, too', () => {
  const rule = (rules: string) =>
    compileCiliumNetworkPolicy(objectOf(rules)).flatMap(
      ({ sections }) => [sections.egress, sections.ingress].flatMap((one) => one?.rules ?? [])[0] ?? [],
    );
  const ports = (policy: string, state: StateAt) =>
    rule(policy)[0]?.clauses.flatMap((clause) => clause.ports(state)) ?? [];
  const byName = 'toPorts: [{ports: [{port: pg, protocol: TCP}]}]';
  const name = { protocol: 'TCP', port: 'pg', endPort: undefined };
  const number = { ...name, port: 5432 };
  assert.deepEqual(ports(fromWeb(byName), clusterOf(SHOP, fromWeb(byName))), [name, number]);
  assert.deepEqual(ports(fromWeb(byName), clusterOf(SHOP)), [name]);
  assert.deepEqual(ports(toDb(byName), clusterOf(SHOP, toDb(byName))), [name]);
});
