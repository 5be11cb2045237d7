import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '../../../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { marks, podYaml, rowsOf } from '../cluster.js';

type Event = readonly [time: number, observed: Observed, yaml: string];

/** What happened when, every kind being listed at 0. */
function timelineOf(...events: readonly Event[]): ClusterTimeline {
  const rows = events.map(([time, observed, yaml]) => rowsOf(yaml, BigInt(time), observed));
  return new ClusterTimeline([...marks(), ...rows.flat()]);
}

const ACCOUNT =
  '{kind: ServiceAccount, apiVersion: v1, metadata: {namespace: shop, name: robot, labels: {a: b}}}';
const NODE = '{kind: Node, apiVersion: v1, metadata: {name: n9, labels: {a: b}}}';
const NAMESPACE = '{kind: Namespace, apiVersion: v1, metadata: {name: shop, labels: {a: b}}}';

test('labels of namespaces, nodes and service accounts: as they were, none after the end', () => {
  const times = [0n, 1n, 2n, 3n];
  const story = (yaml: string): ClusterTimeline =>
    timelineOf([1, 'added', yaml], [2, 'modified', yaml.replace('a: b', 'a: c')], [3, 'deleted', yaml]);
  const [nodes, namespaces, accounts] = [story(NODE), story(NAMESPACE), story(ACCOUNT)];
  const found = {
    node: times.map((time) => nodes.at(time).nodeLabels('n9')),
    namespace: times.map((time) => namespaces.at(time).namespaceLabels('shop')?.a),
    account: times.map((time) => accounts.at(time).serviceAccountLabels('shop', 'robot')),
  };
  assert.deepEqual(found, {
    node: [undefined, { a: 'b' }, { a: 'c' }, undefined],
    namespace: [undefined, 'b', 'c', undefined],
    account: [undefined, { a: 'b' }, { a: 'c' }, undefined],
  });
  assert.equal(namespaces.at(3n).namespaceLabels('shop'), undefined);
});

test('the address of a node, and the range of its pods: one or several blocks', () => {
  const node = (spec: string, address: string) =>
    `{kind: Node, apiVersion: v1, metadata: {name: n9}, spec: {${spec}}, status: {addresses: [{address: ${address}}, {type: Hostname}, {address: n9.example}]}}`;
  const timeline = timelineOf(
    [1, 'added', node('podCIDRs: [10.1.0.0/24, "fd00::/64", 7, none]', '192.168.0.9')],
    [2, 'modified', node('podCIDR: 10.2.0.0/24', '192.168.0.8')],
    [3, 'deleted', node('', '192.168.0.8')],
  );
  const kinds = (address: string) =>
    [0n, 1n, 2n, 3n].map((time) => timeline.at(time).endpointAt(address).kind);
  assert.deepEqual(kinds('192.168.0.9'), ['external', 'node', 'external', 'external']);
  assert.deepEqual(kinds('192.168.0.8'), ['external', 'external', 'node', 'external']);
  const why = (address: string) => {
    const endpoint = timeline.at(1n).endpointAt(address);
    return endpoint.kind === 'unknown' && endpoint.why;
  };
  for (const address of ['10.1.0.1', 'fd00::1', '10.2.0.1'])
    assert.equal(why(address), `${address} is in the pod range of node n9, but no pod had it`);
});

test('a pod of a name that another had takes over its address, also where the end of that was not seen', () => {
  const pod = (uid: string) => podYaml('shop/db', '10.0.0.5', 'app: db').replace('uid-db', uid);
  const timeline = timelineOf(
    [1, 'added', pod('old')],
    [2, 'modified', pod('new')],
    [3, 'deleted', pod('old')],
  );
  const { podAddresses } = timeline.history;
  const held = podAddresses.during('10.0.0.5', 0n, 9n).map(({ pod, from, to }) => [pod.uid, from, to]);
  assert.deepEqual(held, [
    ['old', 1n, 2n],
    ['new', 2n, undefined],
  ]);
  assert.equal(timeline.at(9n).endpointAt('10.0.0.5').kind, 'pod');
});

test('a version of a pod in which nothing changed that policies look at is not a new state', () => {
  const pod = podYaml('shop/db', '10.0.0.5', 'app: db');
  const timeline = timelineOf(
    [1, 'added', pod],
    [2, 'modified', pod.replace('nodeName', 'priority: 1, nodeName')],
    [3, 'modified', pod.replace('app: db', 'app: web')],
  );
  assert.deepEqual(timeline.history.boundaries, [0n, 1n, 3n]);
});

test('a version that comes after the end of its object is of another recorder, which is behind', () => {
  const pod = (version: number) =>
    podYaml('shop/db', '10.0.0.5', 'app: db').replace('uid: ', `resourceVersion: "${version}", uid: `);
  const timeline = timelineOf([1, 'added', pod(1)], [2, 'deleted', pod(3)], [3, 'modified', pod(2)]);
  assert.deepEqual(
    [1n, 2n, 3n].map((time) => timeline.at(time).pods.length),
    [1, 0, 0],
  );
});

test('objects without a uid or a version are told by their names', () => {
  const bare = (name: string) =>
    podYaml(`shop/${name}`, '', '').replace(/uid: [^,]*/, 'resourceVersion: "1"');
  const timeline = timelineOf([1, 'listed', bare('a')], [1, 'listed', bare('b')]);
  assert.deepEqual(
    timeline.at(1n).pods.map(({ name, uid }) => [name, uid]),
    [
      ['a', null],
      ['b', null],
    ],
  );
});

test('a row of something in a namespace that says no namespace is of the default one', () => {
  const [row] = rowsOf(podYaml('default/web', '10.0.0.5', ''));
  assert(row !== undefined);
  const state = new ClusterTimeline([...marks(), { ...row, namespace: null }]).at(0n);
  assert.equal(state.pod('default', 'web')?.name, 'web');
});

test('a row without a name is nothing', () => {
  const [row] = rowsOf(podYaml('shop/web', '10.0.0.5', ''));
  assert(row !== undefined);
  assert.deepEqual(new ClusterTimeline([...marks(), { ...row, name: null }]).at(0n).pods, []);
});

test('an object that is JSON but no object, or is missing, is an error that names it', () => {
  const [row] = rowsOf(podYaml('shop/web', '10.0.0.5', ''));
  assert(row !== undefined);
  for (const [object, found] of [
    ['[1]', '[1]'],
    [null, 'null'],
  ] as const) {
    const message = `kubernetes_objects.object of Pod shop/web: expected an object as JSON, found ${found}`;
    assert.throws(() => new ClusterTimeline([{ ...row, object }]), { message });
  }
});
