import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { clusterOf, marks, rowsOf } from '../cluster.js';

const TEMPLATE = '{metadata: {labels: {app: x}}, spec: {containers: [{ports: [{containerPort: 80}]}]}}';
const workload = (kind: string, template = TEMPLATE, name = 'w') =>
  `{kind: ${kind}, apiVersion: apps/v1, metadata: {namespace: shop, name: ${name}}, spec: {${
    kind === 'CronJob' ? `jobTemplate: {spec: {template: ${template}}}` : `template: ${template}`
  }}}`;

for (const kind of [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]) {
  test(`a ${kind} without pods: its template stands for them`, () => {
    const [one, other] = clusterOf(workload(kind)).standIns;
    assert.equal(other, undefined);
    const { kind: found, namespace, name, pod } = one ?? assert.fail('no template');
    assert.deepEqual([found, namespace, name], [kind, 'shop', 'w']);
    assert.deepEqual(
      [pod.namespace, pod.name, pod.labels, pod.addresses, pod.ports],
      ['shop', `w[${kind}]`, { app: 'x' }, [], [{ name: null, port: 80, protocol: 'TCP' }]],
    );
  });
}

test('other kinds have no template, whatever JavaScript calls them', () => {
  assert.deepEqual(clusterOf(workload('Widget'), workload('constructor')).standIns, []);
});

test('a template: as it was at each time, and unchanged by a rollout that leaves it alone', () => {
  const timeline = new ClusterTimeline([
    ...rowsOf(workload('Deployment')),
    ...marks(),
    ...rowsOf(workload('Deployment').replace('spec: {', 'status: {replicas: 0}, spec: {'), 5n, 'modified'),
    ...rowsOf(workload('Deployment', TEMPLATE.replace('app: x', 'app: y')), 10n, 'modified'),
    ...rowsOf(workload('Deployment'), 20n, 'deleted'),
  ]);
  const labels = [4n, 9n, 10n, 20n].map((time) =>
    timeline.at(time).standIns.map(({ pod }) => pod.labels.app),
  );
  assert.deepEqual(labels, [['x'], ['x'], ['y'], []]);
  assert.deepEqual(timeline.history.boundaries, [0n, 10n, 20n]);
});

test('a workload that was not there yet has no template', () => {
  const timeline = new ClusterTimeline([...marks(), ...rowsOf(workload('Job'), 5n, 'added')]);
  assert.deepEqual(
    [4n, 5n].map((time) => timeline.at(time).standIns.length),
    [0, 1],
  );
});
