import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateAt } from '../../../../src/policy/history/state_at.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { clusterOf, marks, podYaml, policyYaml, rowsOf, SHOP } from '../cluster.js';

const SERVICE =
  '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: db}, spec: {clusterIP: 10.96.0.7, selector: {app: db}, ports: [{port: 5432}]}}';

/** Who has an address: `pod shop/web at 10.0.0.1`, `node n1`, `unknown: …`. */
function who(state: StateAt, address: string): string {
  const endpoint = state.endpointAt(address);
  switch (endpoint.kind) {
    case 'pod':
      return `pod ${endpoint.pod.namespace}/${endpoint.pod.name} at ${endpoint.address}`;
    case 'node':
      return `node ${endpoint.node}`;
    case 'service':
      return `service ${endpoint.service}`;
    case 'external':
      return `external ${endpoint.address}`;
    case 'unknown':
      return `unknown: ${endpoint.why}`;
  }
}

/** The shop in which nobody listed one kind. */
function withoutListOf(kind: string): StateAt {
  const rows = [SHOP, SERVICE].flatMap((yaml) => rowsOf(yaml));
  return new ClusterTimeline([...rows, ...marks().filter((row) => row.kind !== `${kind}List`)]).at(0n);
}

test('who has an address', () => {
  const state = clusterOf(SHOP, SERVICE, podYaml('shop/v6', 'fd00::b', ''));
  const found = [
    '10.0.0.1',
    '192.168.0.2',
    '10.96.0.7',
    '203.0.113.9',
    'fd00:0:0::B',
    '10.0.9.9',
    '10.0.0.01',
  ].map((address) => who(state, address));
  assert.deepEqual(found, [
    'pod shop/web at 10.0.0.1',
    'node n2',
    'service shop/db',
    'external 203.0.113.9',
    'pod shop/v6 at fd00::b',
    'unknown: 10.0.9.9 is in the pod range of node n1, but no pod had it',
    'unknown: "10.0.0.01" is not an IP address',
  ]);
});

test('an address that two pods hold is unknown', () => {
  assert.equal(
    who(clusterOf(SHOP, podYaml('shop/other', '10.0.0.1', '')), '10.0.0.1'),
    'unknown: 10.0.0.1 is held by shop/web and shop/other',
  );
});

test('where pods were not listed, who has an address is unknown, but for those that no pod can have', () => {
  const state = withoutListOf('Pod');
  assert.equal(who(state, '10.0.0.1'), 'unknown: Pod objects were not recorded');
  for (const address of [
    '0.0.0.0',
    '127.0.0.1',
    '169.254.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'ff02::1',
  ])
    assert.equal(who(state, address), `external ${address}`);
});

test('where nodes were not listed, an address outside may be a node', () => {
  const state = withoutListOf('Node');
  assert.equal(
    who(state, '203.0.113.9'),
    'unknown: 203.0.113.9 may be a node: Node objects were not recorded',
  );
  assert.equal(who(state, '10.0.0.1'), 'pod shop/web at 10.0.0.1');
  assert.equal(who(state, '::ffff:10.0.0.1'), 'pod shop/web at 10.0.0.1');
  assert.equal(state.nodeLabels('n1'), undefined);
});

test('labels of namespaces, nodes and service accounts', () => {
  const state = clusterOf(
    SHOP,
    '{kind: Node, apiVersion: v1, metadata: {name: edge, labels: {role: edge}}}',
    '{kind: ServiceAccount, apiVersion: v1, metadata: {namespace: shop, name: robot, labels: {a: b}}}',
  );
  assert.deepEqual(state.namespaceLabels('shop'), { 'kubernetes.io/metadata.name': 'shop', team: 'a' });
  assert.equal(state.namespaceLabels('nowhere'), undefined);
  assert.equal(withoutListOf('Namespace').namespaceLabels('shop'), undefined);
  assert.deepEqual(state.nodeLabels('edge'), { role: 'edge' });
  assert.equal(state.nodeLabels('none'), undefined);
  assert.deepEqual(state.serviceAccountLabels('shop', 'robot'), { a: 'b' });
  assert.equal(state.serviceAccountLabels('shop', 'nobody'), undefined);
});

test('tiers that are always there', () => {
  const state = clusterOf(SHOP);
  assert.deepEqual(
    ['adminnetworkpolicy', 'default', 'baselineadminnetworkpolicy', 'mine'].map(
      (name) => state.tier(name)?.defaultAction,
    ),
    ['pass', 'deny', 'pass', undefined],
  );
});

test('backends of a service: by its slices, else by its selector', () => {
  const slice = (addresses: string) =>
    `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: db-1, labels: {kubernetes.io/service-name: db}},
      ports: [{port: 5433, protocol: TCP}], endpoints: [{addresses: [${addresses}]}]}`;
  const backends = (state: StateAt) =>
    state.backends('shop/db', 5432, 'TCP')?.map(({ endpoint, port }) => `${endpoint.address}:${port}`);
  const bySelector = clusterOf(SHOP, SERVICE);
  assert.deepEqual(backends(bySelector), ['10.0.0.2:5432']);
  assert.deepEqual(bySelector.backendAddresses('shop/db'), ['10.0.0.2']);
  const bySlice = clusterOf(SHOP, SERVICE, slice('10.0.0.1'));
  assert.deepEqual(backends(bySlice), ['10.0.0.1:5433']);
  assert.deepEqual(bySlice.backendAddresses('shop/db'), ['10.0.0.1']);
  assert.deepEqual(backends(clusterOf(SHOP)), undefined);
  assert.deepEqual(clusterOf(SHOP).backendAddresses('shop/db'), undefined);
});

test('a service whose slices are all gone leads nowhere', () => {
  const named = (service: string) =>
    `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: s, labels: {kubernetes.io/service-name: ${service}}},
      ports: [{port: 5433}], endpoints: [{addresses: [10.0.0.1]}]}`;
  const rows = [
    ...[SHOP, SERVICE, named('db')].flatMap((yaml) => rowsOf(yaml)),
    ...marks(),
    ...rowsOf(named('db'), 5n, 'deleted'),
  ];
  const timeline = new ClusterTimeline(rows);
  assert.deepEqual(timeline.at(4n).backendAddresses('shop/db'), ['10.0.0.1']);
  assert.deepEqual(timeline.at(5n).backendAddresses('shop/db'), []);
});

test('problems: of a namespace those of its policies, of the cluster those of tiers and network sets too', () => {
  const calico = (kind: string, spec: string) =>
    `{kind: ${kind}, apiVersion: projectcalico.org/v3, metadata: {name: odd}, spec: {${spec}}}`;
  const state = clusterOf(
    SHOP,
    policyYaml('bad', 'ingress: [{from: [{}]}]'),
    calico('Tier', 'order: x'),
    calico('GlobalNetworkSet', 'nets: [x]'),
    calico('GlobalNetworkPolicy', 'order: x'),
  );
  const kinds = (namespace: string | null) => state.problems(namespace).map(({ kind }) => kind);
  assert.deepEqual(kinds('shop'), ['NetworkPolicy']);
  assert.deepEqual(kinds('prod'), []);
  assert.deepEqual(kinds(null), ['GlobalNetworkPolicy', 'Tier', 'GlobalNetworkSet']);
});
