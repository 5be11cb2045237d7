import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { type KubernetesObject, observed, type TinyRow, type TinyTapeOptions } from '../../tiny_tape.js';
import { reportOn, rowObjects } from '../answer.js';

const REPORT = 'network/dropped_by_policy';

const JUDGED_AS =
  "Judged as kubernetes enforces policies, as no policy of Calico's or Cilium's own kinds was seen; --dataplane can say otherwise.";

const pod = (name: string, app: string, ip: string): KubernetesObject => ({
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    labels: { app },
    ownerReferences: [{ kind: 'StatefulSet', name: app, controller: true }],
  },
  spec: { nodeName: 'node-1', containers: [{ name: 'server', ports: [{ containerPort: 80 }] }] },
  status: { phase: 'Running', podIPs: [{ ip }] },
});

/** The policy db-ingress, which lets pods with that label reach the pods of db on TCP 80. */
const policy = (version: string, allowed: string): KubernetesObject => ({
  kind: 'NetworkPolicy',
  apiVersion: 'networking.k8s.io/v1',
  metadata: { name: 'db-ingress', namespace: 'shop', uid: 'policy', resourceVersion: version },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: allowed } } }], ports: [{ port: 80 }] }],
  },
});

const lists = WATCHED_KINDS.map(({ kind, apiVersion }) => ({
  time: '10:00:00',
  observed: 'listed',
  kind: `${kind}List`,
  api_version: apiVersion,
}));

/** web may reach db, until the policy is edited at 10:00:10. */
const kubernetes_objects = [
  ...lists,
  observed('10:00:00', 'listed', { kind: 'Namespace', metadata: { name: 'shop' } }),
  observed('10:00:00', 'listed', pod('web-0', 'web', '10.0.0.1')),
  observed('10:00:00', 'listed', pod('db-0', 'db', '10.0.0.2')),
  observed('10:00:00', 'listed', policy('1', 'web')),
  observed('10:00:10', 'modified', policy('2', 'webb')),
];

const drop = (time: string, more: TinyRow = {}): TinyRow => ({
  time,
  reason: 'NETFILTER_DROP',
  source_address: '10.0.0.1',
  source_port: 40000,
  destination_address: '10.0.0.2',
  destination_port: 80,
  protocol: 'TCP',
  tcp_flags: 'SYN',
  segments: 1,
  ...more,
});

test('a denied connection: who to whom, which policies, the edit that began it', async () => {
  const report = await reportOn(
    {
      kubernetes_objects,
      packet_drops: [
        drop('10:00:20'),
        drop('10:00:21'), // The same attempt again.
        drop('10:00:21.5', { source_port: 40001 }),
      ],
    },
    REPORT,
  );
  assert.deepEqual(rowObjects(report), [
    {
      source: 'shop/web',
      destination: 'shop/db',
      opener_known: true,
      destination_port: 80,
      protocol: 'TCP',
      seen_by: 'kernel',
      grade: 'consistent',
      direction: 'ingress',
      policies: ['shop/db-ingress'],
      changed_time: '2026-11-22T10:00:10.000000000Z',
      changed_object: 'NetworkPolicy shop/db-ingress',
      change: 'ingress rule 0 allowed pods app=web on TCP 80 and now allows pods app=webb on TCP 80',
      allowed_before: true,
      first_drop: '2026-11-22T10:00:20.000000000Z',
      last_drop: '2026-11-22T10:00:21.500000000Z',
      packets: '3',
      attempts: '2',
      reasons: ['NETFILTER_DROP'],
      why: 'NETFILTER_DROP fits: ingress is isolated by shop/db-ingress (ingress rule 0 allows pods app=webb, the source pod has app=web).',
    },
  ]);
  assert.deepEqual(report.coverage, { complete: true, gaps: [], notes: [JUDGED_AS] });
});

test('who enforces the policies can be told: Cilium never takes a pod for a part of a block', async () => {
  const blocks: KubernetesObject = {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: 'db-ingress', namespace: 'shop' },
    spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
  };
  const tables = {
    kubernetes_objects: [...kubernetes_objects.slice(0, -2), observed('10:00:00', 'listed', blocks)],
    packet_drops: [drop('10:00:20')],
  };
  const graded = async (options: TinyTapeOptions) => {
    const report = await reportOn(tables, REPORT, { grades: 'consistent,not a policy' }, options);
    return [report.dataPlane, report.coverage.notes.at(-1), ...rowObjects(report, 'grade')];
  };
  assert.deepEqual(await graded({}), ['kubernetes', JUDGED_AS, { grade: 'not a policy' }]);
  assert.deepEqual(await graded({ dataPlane: 'cilium' }), [
    'cilium',
    'Judged as cilium enforces policies.',
    { grade: 'consistent' },
  ]);
});

test('what a policy did not drop is counted beside the rows, and shown when asked for', async () => {
  const tables = {
    kubernetes_objects,
    packet_drops: [
      drop('10:00:02'), // Before the edit the policy allows it.
      drop('10:00:20', { reason: 'NO_SOCKET' }),
      drop('10:00:21', { reason: 'NO_SOCKET', segments: 4 }),
      drop('10:00:22', { protocol: null, source_address: null }),
    ],
  };
  const report = await reportOn(tables, REPORT);
  assert.deepEqual(report.rows, []);
  assert.deepEqual(report.coverage.notes, [
    'Packets dropped for other reasons than a policy: NO_SOCKET 5, NETFILTER_DROP 1.',
    'Not judged, for want of IP addresses or a protocol: 1 dropped packet.',
    JUDGED_AS,
  ]);
  const all = await reportOn(tables, REPORT, { grades: 'not a policy' });
  assert.deepEqual(rowObjects(all, 'grade', 'packets', 'reasons'), [
    { grade: 'not a policy', packets: '6', reasons: ['NETFILTER_DROP', 'NO_SOCKET'] },
  ]);
});

test('a dropped reply belongs to the connection that it answers', async () => {
  const reply = drop('10:00:20', {
    source_address: '10.0.0.2',
    source_port: 80,
    destination_address: '10.0.0.1',
    destination_port: 40000,
    tcp_flags: 'SYN,ACK',
  });
  const report = await reportOn({ kubernetes_objects, packet_drops: [reply] }, REPORT);
  assert.deepEqual(rowObjects(report, 'source', 'destination', 'destination_port', 'packets', 'attempts'), [
    { source: 'shop/web', destination: 'shop/db', destination_port: 80, packets: '1', attempts: '0' },
  ]);
});

test('while the policies were not watched the grade is unknown', async () => {
  const losses = [
    {
      time: '10:00:15',
      until: '10:00:30',
      source: 'kubernetes',
      reason: 'watch gap',
      subject: 'NetworkPolicy',
    },
  ];
  const report = await reportOn({ kubernetes_objects, losses, packet_drops: [drop('10:00:20')] }, REPORT);
  assert.deepEqual(rowObjects(report, 'source', 'grade', 'why'), [
    {
      source: 'shop/web',
      grade: 'unknown',
      why: 'Cannot be judged: egress: NetworkPolicy objects were not watched from 2026-11-22T10:00:15.000000000Z to 2026-11-22T10:00:30.000000000Z (watch gap).',
    },
  ]);
  assert.deepEqual(report.coverage.gaps, [
    'Not observed from 2026-11-22T10:00:15.000000000Z to 2026-11-22T10:00:30.000000000Z (kubernetes: watch gap: NetworkPolicy).',
  ]);
});

test('of a packet that does not tell, the source is the sender, and that is said', async () => {
  // An acknowledgement between ports on which nobody is known to listen.
  const packet_drops = [drop('10:00:20', { destination_port: 50000, tcp_flags: 'ACK' })];
  const report = await reportOn({ kubernetes_objects, packet_drops }, REPORT);
  assert.deepEqual(rowObjects(report, 'source', 'opener_known'), [
    { source: 'shop/web', opener_known: false },
  ]);
});

test('a grade that there is not is a misuse', async () => {
  const tables = { kubernetes_objects, packet_drops: [drop('10:00:20')] };
  await assert.rejects(() => reportOn(tables, REPORT, { grades: 'foo' }), {
    name: 'UsageError',
    message: 'grades: "foo" is none of proven, consistent, not a policy, unknown',
  });
});

test('the window is exact within a second', async () => {
  const packet_drops = ['10:00:20.1', '10:00:20.2', '10:00:20.3'].map((time) => drop(time));
  const report = await reportOn({ kubernetes_objects, packet_drops }, REPORT, {
    since: '2026-11-22T10:00:20.2Z',
    until: '2026-11-22T10:00:20.3Z',
  });
  assert.deepEqual(rowObjects(report, 'packets', 'first_drop', 'last_drop'), [
    {
      packets: '1',
      first_drop: '2026-11-22T10:00:20.200000000Z',
      last_drop: '2026-11-22T10:00:20.200000000Z',
    },
  ]);
});

test('without the tables there is no answer, which is not an empty one', async () => {
  const { rows, coverage } = await reportOn({ packet_drops: [drop('10:00:20')] }, REPORT);
  assert.equal(rows, null);
  assert.deepEqual(coverage, {
    complete: false,
    gaps: [
      'policy_verdicts needs kubernetes_objects, not captured in this tape, which was recorded without the Kubernetes API.',
    ],
    notes: [],
  });
});

/** A SYN from web to db that Hubble saw dropped. */
const flow = (time: string, more: TinyRow = {}): TinyRow => ({
  time,
  tool: 'hubble',
  node_name: 'kind/worker',
  event_type: 'drop',
  verdict: 'DROPPED',
  reason: 'POLICY_DENIED',
  source_address: '10.0.0.1',
  source_port: 40000,
  source_namespace: 'shop',
  source_pod: 'web-0',
  destination_address: '10.0.0.2',
  destination_port: 80,
  destination_namespace: 'shop',
  destination_pod: 'db-0',
  protocol: 'TCP',
  tcp_flags: 'SYN',
  ...more,
});

const NAMED = { event_type: 'policy-verdict', ingress_denied_by: ['CiliumNetworkPolicy shop/lockdown'] };

test('what another tool saw stands beside the kernel, with its own grade', async () => {
  const tables = {
    kubernetes_objects,
    packet_drops: [drop('10:00:20')],
    // Cilium tells of one packet by two events, of which one names the policy.
    flows: [flow('10:00:30'), flow('10:00:30', NAMED), flow('10:00:40', { source_port: 40001 })],
  };
  const columns = ['seen_by', 'grade', 'direction', 'policies', 'packets', 'reasons', 'why'];
  const denied =
    'ingress is isolated by shop/db-ingress (ingress rule 0 allows pods app=webb, the source pod has app=web)';
  assert.deepEqual(rowObjects(await reportOn(tables, REPORT), ...columns), [
    {
      seen_by: 'hubble',
      grade: 'proven',
      direction: 'ingress',
      policies: ['CiliumNetworkPolicy shop/lockdown'],
      packets: '1',
      reasons: ['POLICY_DENIED'],
      why: `Hubble names CiliumNetworkPolicy shop/lockdown. The policies recorded deny it: ${denied}.`,
    },
    {
      seen_by: 'kernel',
      grade: 'consistent',
      direction: 'ingress',
      policies: ['shop/db-ingress'],
      packets: '1',
      reasons: ['NETFILTER_DROP'],
      why: `NETFILTER_DROP fits: ${denied}.`,
    },
    {
      seen_by: 'hubble',
      grade: 'consistent',
      direction: 'ingress',
      policies: ['shop/db-ingress'],
      packets: '1',
      reasons: ['POLICY_DENIED'],
      why: `POLICY_DENIED fits: ${denied}.`,
    },
  ]);
});

test('flows alone answer: what the data plane named is proven, the rest says what is not known', async () => {
  const flows = [
    flow('10:00:30', { ...NAMED, source_workload: 'web', source_workload_kind: 'Deployment' }),
    flow('10:00:31', { destination_port: 81 }),
    flow('10:00:32', { reason: 'INVALID_SOURCE_IP', destination_port: 82 }),
    flow('10:00:33', { verdict: 'FORWARDED', reason: null, destination_port: 83 }),
  ];
  const report = await reportOn({ flows }, REPORT);
  assert.deepEqual(rowObjects(report, 'source', 'destination', 'destination_port', 'grade', 'why'), [
    {
      source: 'shop/web',
      destination: 'shop/db-0',
      destination_port: 80,
      grade: 'proven',
      why: 'Hubble names CiliumNetworkPolicy shop/lockdown.',
    },
    {
      source: 'shop/web-0',
      destination: 'shop/db-0',
      destination_port: 81,
      grade: 'unknown',
      why: 'POLICY_DENIED says that a policy denied it; which one cannot be judged: egress: Pod objects were not recorded.',
    },
  ]);
  assert.deepEqual(report.coverage.notes, [
    'Packets dropped for other reasons than a policy: INVALID_SOURCE_IP 1.',
  ]);
});

test("netobserv's flags are those of all the flow's packets: whether it is a reply tells who opened it", async () => {
  const reply = flow('10:00:30', {
    tool: 'netobserv',
    event_type: null,
    reason: 'NETFILTER_DROP',
    source_address: '10.0.0.2',
    source_port: 80,
    destination_address: '10.0.0.1',
    destination_port: 40000,
    tcp_flags: 'SYN,ACK,PSH',
    is_reply: true,
    dropped_packets: 7,
  });
  const report = await reportOn({ kubernetes_objects, flows: [reply] }, REPORT);
  assert.deepEqual(rowObjects(report, 'source', 'destination', 'grade', 'packets'), [
    { source: 'shop/web', destination: 'shop/db', grade: 'consistent', packets: '7' },
  ]);
});

test('drops by different policies at different times are different rows', async () => {
  const isolate = (name: string): KubernetesObject => ({
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name, namespace: 'shop', uid: name },
    spec: { podSelector: { matchLabels: { app: 'db' } }, ingress: [] },
  });
  const objects = [
    ...lists,
    observed('10:00:00', 'listed', { kind: 'Namespace', metadata: { name: 'shop' } }),
    observed('10:00:00', 'listed', pod('web-0', 'web', '10.0.0.1')),
    observed('10:00:00', 'listed', pod('db-0', 'db', '10.0.0.2')),
    observed('10:00:00', 'listed', isolate('first')),
    observed('10:00:20', 'deleted', isolate('first')),
    observed('10:00:40', 'added', isolate('second')),
  ];
  const report = await reportOn(
    { kubernetes_objects: objects, packet_drops: [drop('10:00:10'), drop('10:00:50')] },
    REPORT,
  );
  assert.deepEqual(rowObjects(report, 'policies', 'change', 'allowed_before', 'packets'), [
    { policies: ['shop/first'], change: null, allowed_before: null, packets: '1' },
    { policies: ['shop/second'], change: 'it was added', allowed_before: true, packets: '1' },
  ]);
});

test('what netobserv saw dropped for one reason is not blamed for another', async () => {
  const seen = (time: string, reason: string, packets: number) =>
    flow(time, { tool: 'netobserv', event_type: null, reason, is_reply: false, dropped_packets: packets });
  const flows = [seen('10:00:30', 'NETFILTER_DROP', 1), seen('10:00:30.1', 'NO_SOCKET', 1000)];
  const report = await reportOn({ kubernetes_objects, flows }, REPORT);
  assert.deepEqual(rowObjects(report, 'grade', 'packets', 'reasons'), [
    { grade: 'consistent', packets: '1', reasons: ['NETFILTER_DROP'] },
  ]);
  assert.deepEqual(report.coverage.notes, [
    'Packets dropped for other reasons than a policy: NO_SOCKET 1000.',
    JUDGED_AS,
  ]);
});

test('a policy that could not be judged is said beside the rows, whatever their grades', async () => {
  const odd = {
    kind: 'ClusterNetworkPolicy',
    apiVersion: 'policy.networking.k8s.io/v9',
    metadata: { name: 'odd', uid: 'odd' },
  };
  const tables = {
    kubernetes_objects: [...kubernetes_objects, observed('10:00:00', 'listed', odd)],
    packet_drops: [drop('10:00:05'), drop('10:00:30', { protocol: null, source_address: null })],
    flows: [flow('10:00:31', { source_address: null })],
  };
  const report = await reportOn(tables, REPORT);
  assert.deepEqual(rowObjects(report, 'grade'), [{ grade: 'unknown' }]);
  assert.deepEqual(report.coverage.notes, [
    'Not judged, for want of IP addresses or a protocol: 2 dropped packets.',
    'ClusterNetworkPolicy odd is left out of the answer: apiVersion is policy.networking.k8s.io/v9: expected policy.networking.k8s.io/v1alpha2 or v1beta1.',
    JUDGED_AS,
  ]);
});

test('kinds of policy that nobody looked for are said to be taken for absent', async () => {
  const seen = kubernetes_objects.filter(({ kind }) => kind !== 'ClusterNetworkPolicyList');
  const report = await reportOn({ kubernetes_objects: seen, packet_drops: [drop('10:00:20')] }, REPORT);
  assert.deepEqual(report.coverage.notes, [
    JUDGED_AS,
    'Not recorded, taken to be absent: ClusterNetworkPolicy.',
  ]);
});
