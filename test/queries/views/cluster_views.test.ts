import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTime } from '../../../src/tape/time.js';
import { type KubernetesObject, observed, rowsOf, type TinyRow, tinyTime } from '../../tiny_tape.js';

const at = (time: string) => formatTime(tinyTime(time));

function pod(
  name: string,
  version: string,
  ip: string | null,
  more: Record<string, unknown> = {},
): KubernetesObject {
  const metadata = { name, namespace: 'shop', resourceVersion: version, labels: { app: 'pay' }, ...more };
  return {
    kind: 'Pod',
    metadata,
    spec: { nodeName: 'node-1', containers: [{ image: 'pay:1' }] },
    status: { phase: more.phase ?? 'Running', podIPs: ip === null ? [] : [{ ip }] },
  };
}

const objects = (...kubernetes_objects: TinyRow[]) => ({ kubernetes_objects });

test('kubernetes_versions: a version holds until the next one, the deletion, or for good', async () => {
  const rows = await rowsOf(
    objects(
      observed('10:00:00', 'listed', pod('a', '1', '10.0.0.1')),
      observed('10:00:05', 'listed', pod('a', '1', '10.0.0.1')), // A relist shows it again.
      observed('10:00:07', 'modified', pod('a', '2', '10.0.0.1')),
      observed('10:00:09', 'deleted', pod('a', '3', '10.0.0.1')),
      observed('10:00:08', 'added', pod('b', '4', null)),
    ),
    'SELECT name, resource_version, observed, valid_from, valid_to FROM kubernetes_versions ORDER BY valid_from',
  );
  assert.deepEqual(rows, [
    ['a', '1', 'listed', at('10:00:00'), at('10:00:07')],
    ['a', '2', 'modified', at('10:00:07'), at('10:00:09')],
    ['b', '4', 'added', at('10:00:08'), null],
  ]);
});

test('kubernetes_versions: what an interrupted watch may have missed is unknown until it is listed again', async () => {
  const gap = {
    time: '10:00:03',
    until: '10:00:06',
    source: 'kubernetes',
    reason: 'watch gap',
    subject: 'Pod',
  };
  const policy = { kind: 'NetworkPolicy', metadata: { name: 'p', resourceVersion: '9' } };
  const rows = await rowsOf(
    {
      ...objects(
        observed('10:00:00', 'listed', pod('same', '1', null)),
        observed('10:00:06', 'listed', pod('same', '1', null)),
        observed('10:00:00', 'listed', pod('edited', '2', null)),
        observed('10:00:06', 'listed', pod('edited', '3', null)),
        observed('10:00:00', 'listed', pod('gone', '4', null)),
        observed('10:00:06', 'vanished', pod('gone', '5', null)),
        observed('10:00:00', 'listed', policy),
      ),
      losses: [gap],
    },
    'SELECT name, resource_version, valid_from, valid_to FROM kubernetes_versions ORDER BY name, valid_from',
  );
  assert.deepEqual(rows, [
    ['edited', '2', at('10:00:00'), at('10:00:03')],
    ['edited', '3', at('10:00:06'), null],
    ['gone', '4', at('10:00:00'), at('10:00:03')],
    ['p', '9', at('10:00:00'), null],
    ['same', '1', at('10:00:00'), null],
  ]);
});

test('pods: a pod belongs to the outermost owner that was recorded', async () => {
  const owner = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, controller: true }] });
  const rows = await rowsOf(
    objects(
      observed('10:00:00', 'listed', pod('pay-1-x', '1', '10.0.0.1', owner('ReplicaSet', 'pay-1'))),
      observed('10:00:00', 'listed', pod('agent-y', '2', null, owner('DaemonSet', 'agent'))),
      observed('10:00:00', 'listed', pod('alone', '3', null)),
      observed('10:00:00', 'listed', {
        kind: 'ReplicaSet',
        metadata: { name: 'pay-1', namespace: 'shop', ...owner('Deployment', 'pay') },
      }),
    ),
    'SELECT name, workload_kind, workload_name, node_name, phase, ready, addresses, images, labels FROM pods ORDER BY name',
  );
  assert.deepEqual(rows, [
    ['agent-y', 'DaemonSet', 'agent', 'node-1', 'Running', false, [], ['pay:1'], { app: 'pay' }],
    ['alone', 'Pod', 'alone', 'node-1', 'Running', false, [], ['pay:1'], { app: 'pay' }],
    ['pay-1-x', 'Deployment', 'pay', 'node-1', 'Running', false, ['10.0.0.1'], ['pay:1'], { app: 'pay' }],
  ]);
});

test('pod_addresses: an address is held from when it is seen to the end of the pod, and then by another', async () => {
  const rows = await rowsOf(
    objects(
      observed('10:00:00', 'added', pod('old', '1', null)),
      observed('10:00:01', 'modified', pod('old', '2', '10.0.0.1')),
      observed('10:00:02', 'modified', pod('old', '3', '10.0.0.1', { labels: { app: 'edited' } })),
      observed('10:00:03', 'modified', pod('old', '4', '10.0.0.1', { phase: 'Succeeded' })),
      observed('10:00:04', 'added', pod('new', '5', '10.0.0.1')),
    ),
    'SELECT address, name, valid_from, valid_to FROM pod_addresses ORDER BY valid_from',
  );
  assert.deepEqual(rows, [
    ['10.0.0.1', 'old', at('10:00:01'), at('10:00:03')],
    ['10.0.0.1', 'new', at('10:00:04'), null],
  ]);
});

test('kubernetes_changes: edits of fields, and pods that come and go', async () => {
  const policy = (version: string, app: string): KubernetesObject => ({
    kind: 'NetworkPolicy',
    metadata: {
      name: 'pay-ingress',
      namespace: 'shop',
      resourceVersion: version,
      generation: Number(version),
    },
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }] },
  });
  const rows = await rowsOf(
    objects(
      observed('10:00:00', 'listed', policy('1', 'checkout')),
      observed('10:00:00', 'listed', pod('a', '2', null)),
      observed('10:00:01', 'modified', policy('3', 'checkout-v2')),
      observed('10:00:02', 'deleted', pod('a', '4', null)),
      observed('10:00:03', 'added', pod('b', '5', null)),
      observed('10:00:04', 'modified', pod('b', '6', null, { labels: { tier: 'web' } })),
    ),
    'SELECT time, change, kind, name, path, old_value, new_value FROM kubernetes_changes ORDER BY time, path',
  );
  assert.deepEqual(rows, [
    [
      at('10:00:01'),
      'changed',
      'NetworkPolicy',
      'pay-ingress',
      'spec.ingress[0].from[0].podSelector.matchLabels.app',
      'checkout',
      'checkout-v2',
    ],
    [at('10:00:02'), 'deleted', 'Pod', 'a', null, null, null],
    [at('10:00:03'), 'created', 'Pod', 'b', null, null, null],
    [at('10:00:04'), 'changed', 'Pod', 'b', 'metadata.labels.app', 'pay', null],
    [at('10:00:04'), 'changed', 'Pod', 'b', 'metadata.labels.tier', null, 'web'],
  ]);
});

test('workloads, services, endpoints, nodes, namespaces and network_policies show their fields', async () => {
  const tape = objects(
    observed('10:00:00', 'listed', {
      kind: 'Deployment',
      metadata: { name: 'pay', namespace: 'shop' },
      spec: { replicas: 2, template: { spec: { containers: [{ image: 'pay:1' }] } } },
      status: { readyReplicas: 1 },
    }),
    observed('10:00:00', 'listed', {
      kind: 'Service',
      metadata: { name: 'pay', namespace: 'shop' },
      spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', selector: { app: 'pay' }, ports: [{ port: 80 }] },
    }),
    observed('10:00:00', 'listed', {
      kind: 'EndpointSlice',
      metadata: { name: 'pay-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'pay' } },
      endpoints: [
        { addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'a' }, nodeName: 'node-1' },
        { addresses: ['10.0.0.2'], conditions: { ready: false } },
      ],
      ports: [{ name: 'grpc', port: 50051 }],
    }),
    observed('10:00:00', 'listed', {
      kind: 'Node',
      metadata: { name: 'node-1' },
      spec: { podCIDR: '10.0.0.0/24' },
      status: {
        addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
        nodeInfo: { kubeletVersion: 'v1.34.0' },
      },
    }),
    observed('10:00:00', 'listed', {
      kind: 'Namespace',
      metadata: { name: 'shop' },
      status: { phase: 'Active' },
    }),
    observed('10:00:00', 'listed', {
      kind: 'NetworkPolicy',
      metadata: { name: 'deny', namespace: 'shop' },
      spec: { policyTypes: ['Ingress', 'Egress'], egress: [{}] },
    }),
  );
  const columns = {
    workloads: 'kind, name, replicas, ready_replicas, images',
    services: 'name, type, cluster_ips, selector, ports',
    endpoints: 'service_name, address, port, port_name, protocol, ready, pod_name, node_name',
    nodes: 'name, addresses, pod_cidrs, ready, unschedulable, kubelet_version',
    namespaces: 'name, phase, labels',
    network_policies: 'name, pod_selector, policy_types, ingress, egress',
  };
  const found: Record<string, unknown> = {};
  for (const [view, list] of Object.entries(columns)) {
    found[view] = await rowsOf(tape, `SELECT ${list} FROM ${view} ORDER BY ALL`);
  }
  assert.deepEqual(found, {
    workloads: [['Deployment', 'pay', '2', '1', ['pay:1']]],
    services: [['pay', 'ClusterIP', ['10.96.0.1'], { app: 'pay' }, '[{"port":80}]']],
    endpoints: [
      ['pay', '10.0.0.1', '50051', 'grpc', 'TCP', true, 'a', 'node-1'],
      ['pay', '10.0.0.2', '50051', 'grpc', 'TCP', false, null, null],
    ],
    nodes: [['node-1', ['192.0.2.1'], ['10.0.0.0/24'], true, false, 'v1.34.0']],
    namespaces: [['shop', 'Active', {}]],
    network_policies: [['deny', '{}', ['Ingress', 'Egress'], null, '[{}]']],
  });
});

test('kubernetes_events: events of both API groups', async () => {
  const rows = await rowsOf(
    objects(
      observed('10:00:09', 'added', {
        kind: 'Event',
        metadata: { name: 'e1', namespace: 'shop' },
        involvedObject: { kind: 'Pod', namespace: 'shop', name: 'a' },
        type: 'Warning',
        reason: 'BackOff',
        message: 'restarting',
        count: 3,
        lastTimestamp: '2026-11-22T10:00:08Z',
        source: { component: 'kubelet' },
      }),
      observed('10:00:10', 'added', {
        kind: 'Event',
        metadata: { name: 'e2', namespace: 'shop' },
        regarding: { kind: 'Node', name: 'node-1' },
        type: 'Normal',
        reason: 'NodeReady',
        note: 'ready',
        eventTime: '2026-11-22T10:00:09.123456Z',
        reportingController: 'node-controller',
      }),
    ),
    'SELECT time, seen, type, reason, message, object_kind, object_name, count, component FROM kubernetes_events ORDER BY time',
  );
  assert.deepEqual(rows, [
    [at('10:00:08'), at('10:00:09'), 'Warning', 'BackOff', 'restarting', 'Pod', 'a', '3', 'kubelet'],
    [
      at('10:00:09.123456'),
      at('10:00:10'),
      'Normal',
      'NodeReady',
      'ready',
      'Node',
      'node-1',
      '1',
      'node-controller',
    ],
  ]);
});

test('kubernetes_versions: what a first list does not show ended while nobody recorded', async () => {
  const mark = (time: string, how: string, version: string): TinyRow => ({
    time,
    observed: how,
    kind: 'PodList',
    api_version: 'v1',
    name: null,
    resource_version: version,
    object: '{}',
  });
  const versions = (how: string) =>
    rowsOf(
      objects(
        observed('10:00:00', 'listed', pod('stays', '1', null)),
        observed('10:00:00', 'listed', pod('gone', '2', null)),
        mark('10:00:00', 'listed', '3'),
        observed('10:00:06', 'added', pod('newer', '9', null)), // Another recorder saw it before the list came.
        observed('10:00:07', 'listed', pod('stays', '1', null)),
        mark('10:00:07', how, '8'),
      ),
      'SELECT name, valid_to FROM kubernetes_versions ORDER BY name',
    );
  assert.deepEqual(await versions('listed'), [
    ['gone', at('10:00:07')],
    ['newer', null],
    ['stays', null],
  ]);
  assert.deepEqual(await versions('relisted'), [
    ['gone', null],
    ['newer', null],
    ['stays', null],
  ]);
});

test('pod_cgroups: pods by the uid that the kubelet has, containers by the id that the pod reports', async () => {
  const cgroup = (time: string, cgroup_id: bigint, path: string, more: TinyRow = {}): TinyRow => ({
    time,
    node: 'node-1',
    cgroup_id,
    path,
    pod_uid: null,
    container_id: null,
    ...more,
  });
  const mirror = { annotations: { 'kubernetes.io/config.hash': 'fd0b' } };
  const statuses = (name: string, id: string) => [{ name, containerID: `containerd://${id}` }];
  const withStatus = (object: KubernetesObject, status: object) => ({ ...object, status });
  const rows = await rowsOf(
    {
      ...objects(
        observed('10:00:00', 'listed', pod('pay', '1', null, { uid: '3e6c' })),
        observed(
          '10:00:05',
          'modified',
          withStatus(pod('pay', '2', null, { uid: '3e6c' }), {
            containerStatuses: statuses('server', 'aa'),
            initContainerStatuses: statuses('prepare', 'bb'),
          }),
        ),
        observed('10:00:00', 'listed', pod('etcd-node-1', '3', null, { uid: '77d2', ...mirror })),
      ),
      cgroups: [
        cgroup('10:00:01', 1n, '/'),
        cgroup('10:00:02', 20n, '/pod3e6c', { pod_uid: '3e6c' }),
        cgroup('10:00:02', 21n, '/pod3e6c/aa', { pod_uid: '3e6c', container_id: 'aa' }),
        cgroup('10:00:02', 22n, '/pod3e6c/bb', { pod_uid: '3e6c', container_id: 'bb' }),
        cgroup('10:00:02', 23n, '/podfd0b/cc', { pod_uid: 'fd0b', container_id: 'cc' }),
        cgroup('10:00:02', 24n, '/pod9999', { pod_uid: '9999' }),
      ],
    },
    'SELECT cgroup_id, namespace, name, container FROM pod_cgroups ORDER BY cgroup_id',
  );
  assert.deepEqual(rows, [
    ['20', 'shop', 'pay', null],
    ['21', 'shop', 'pay', 'server'],
    ['22', 'shop', 'pay', 'prepare'],
    ['23', 'shop', 'etcd-node-1', null],
    ['24', null, null, null],
  ]);
});

test('pod_cgroups: a number has one meaning until the node boots again; seen twice it is the same', async () => {
  const cgroup = (time: string, path: string, pod_uid: string | null): TinyRow => ({
    time,
    cgroup_id: 9n,
    path,
    pod_uid,
  });
  const rows = await rowsOf(
    {
      ...objects(),
      cgroups: [
        cgroup('10:00:00', '/poda', 'a'),
        cgroup('10:00:10', '/poda', 'a'), // A recorder that was started again.
        cgroup('10:00:20', '/podb', 'b'),
        cgroup('10:00:30', '/system.slice', null),
      ],
    },
    'SELECT pod_uid, valid_from, valid_to FROM pod_cgroups ORDER BY valid_from NULLS FIRST',
  );
  assert.deepEqual(rows, [
    ['a', null, at('10:00:20')],
    ['b', at('10:00:20'), at('10:00:30')],
  ]);
});
