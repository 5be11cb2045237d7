import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podOf } from '../../../../src/policy/cluster/pod.js';
import { objectOf } from '../cluster.js';

/** A Pod by what stands beside its kind. */
const pod = (rest: string) => podOf(objectOf(`{kind: Pod, apiVersion: v1, ${rest}}`));

test('a pod of which nothing is said', () => {
  assert.deepEqual(pod('metadata: {}'), {
    namespace: 'default',
    name: '',
    uid: null,
    labels: {},
    addresses: [],
    hasEnded: false,
    hostNetwork: false,
    node: null,
    serviceAccount: 'default',
    ports: [],
  });
});

test('addresses: what is one, canonically and once', () => {
  const { addresses } = pod(
    'status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00:0::1"}, {ip: pending}, {}]}',
  );
  assert.deepEqual(addresses, ['10.0.0.1', 'fd00::1']);
  assert.deepEqual(pod('status: {podIP: pending}').addresses, []);
  for (const phase of ['Succeeded', 'Failed'])
    assert.deepEqual(pod(`status: {phase: ${phase}, podIP: 10.0.0.1}`).addresses, []);
});

test('ports: of containers and of what is restarted always beside them, by number', () => {
  const { ports } = pod(`spec: {
    initContainers: [{ports: [{containerPort: 1}]}, {restartPolicy: Always, ports: [{containerPort: 2}]}],
    containers: [{ports: [{name: web, containerPort: 80}, {containerPort: 53, protocol: UDP}]}, {},
      {ports: [{containerPort: 3, protocol: SCTP}, {containerPort: x}, {containerPort: 4, protocol: ICMP}]}]}`);
  assert.deepEqual(ports, [
    { name: 'web', port: 80, protocol: 'TCP' },
    { name: null, port: 53, protocol: 'UDP' },
    { name: null, port: 3, protocol: 'SCTP' },
    { name: null, port: 2, protocol: 'TCP' },
  ]);
});
