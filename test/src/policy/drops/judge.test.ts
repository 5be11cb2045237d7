import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listMark } from '../../../../src/kubernetes/observation.js';
import { DropJudge } from '../../../../src/policy/drops/drop_judge.js';
import type { DropVerdict } from '../../../../src/policy/drops/verdict_row.js';
import { changesBearingOn } from '../../../../src/policy/history/changes.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import { marks, podYaml, policyYaml, rowsOf, SHOP } from '../cluster.js';
import { ALLOW_API, ALLOW_WEB, judgeOf, SECOND, type Story, synAt } from './dropped.js';

/** The answer in short: grade, policies, change, whether allowed before. */
function short({ grade, policies, changed_time, change, allowed_before }: DropVerdict): unknown[] {
  return [
    grade,
    ...policies,
    changed_time === null ? null : Number(changed_time / SECOND),
    change,
    allowed_before,
  ];
}

const EDIT = 'ingress rule 0 allowed pods app=web and now allows pods app=api';

test('an edit of a policy: the whole row', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('db-ingress', ALLOW_WEB)],
    10: ['modified', policyYaml('db-ingress', ALLOW_API)],
  });
  assert.deepEqual(judge.judge(synAt(20)), {
    time: 20n * SECOND,
    reason: 'NETFILTER_DROP',
    seen_by: 'kernel',
    initiator: 'source',
    protocol: 'TCP',
    source_address: '10.0.0.1',
    source_port: 40000,
    source_namespace: 'shop',
    source_pod: 'web',
    source_workload: 'web',
    source_workload_kind: 'Pod',
    destination_address: '10.0.0.2',
    destination_port: 5432,
    destination_namespace: 'shop',
    destination_pod: 'db',
    destination_workload: 'db',
    destination_workload_kind: 'Pod',
    verdict: 'denied',
    direction: 'ingress',
    grade: 'consistent',
    policies: ['shop/db-ingress'],
    changed_time: 10n * SECOND,
    changed_object: 'NetworkPolicy shop/db-ingress',
    change: EDIT,
    allowed_before: true,
    left_out: [],
    why:
      'NETFILTER_DROP fits: ingress is isolated by shop/db-ingress ' +
      '(ingress rule 0 allows pods app=api, the source pod has app=web).',
  } satisfies DropVerdict);
});

test('the pod is replaced after the edit: the edit began it all the same', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('db-ingress', ALLOW_WEB)],
    10: ['modified', policyYaml('db-ingress', ALLOW_API)],
    11: ['deleted', podYaml('shop/db', '10.0.0.2', 'app: db')],
    12: ['added', podYaml('shop/db-2', '10.0.0.7', 'app: db')],
  });
  const verdict = judge.judge(synAt(20, { destinationAddress: '10.0.0.7' }));
  assert.equal(verdict.destination_pod, 'db-2');
  assert.deepEqual(short(verdict), ['consistent', 'shop/db-ingress', 10, EDIT, true]);
});

test('once the policy is put right, another drop is not blamed on it', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('db-ingress', ALLOW_WEB)],
    10: ['modified', policyYaml('db-ingress', ALLOW_API)],
    22: ['modified', policyYaml('db-ingress', ALLOW_WEB)],
  });
  assert.deepEqual(short(judge.judge(synAt(40))), ['not a policy', null, null, null]);
  assert.deepEqual(short(judge.judge(synAt(15, { reason: 'TCP_CSUM' }))), ['not a policy', null, null, null]);
});

test('within seconds of a change both states count', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('db-ingress', ALLOW_WEB)],
    10: ['modified', policyYaml('db-ingress', ALLOW_API)],
    22: ['modified', policyYaml('db-ingress', ALLOW_WEB)],
  });
  for (const [second, change] of [
    [9, 10],
    [23, 22],
  ] as const) {
    const verdict = judge.judge(synAt(second));
    assert.deepEqual(short(verdict), ['consistent', 'shop/db-ingress', 10, EDIT, true]);
    assert.equal(
      verdict.why,
      'NETFILTER_DROP fits: ingress is isolated by shop/db-ingress (ingress rule 0 allows pods app=api, the source pod has app=web)' +
        `, while the change of NetworkPolicy shop/db-ingress at 1970-01-01T00:00:${change}.000000000Z took effect.`,
    );
  }
});

test('a default deny from the beginning: denied before as well, and nothing changed', () => {
  assert.deepEqual(
    short(judgeOf({ 1: ['listed', policyYaml('deny', 'podSelector: {}')] }).judge(synAt(20))),
    ['consistent', 'shop/deny', null, null, null],
  );
});

test('of several policies that isolate the pod the nearest is named first', () => {
  const { policies, why } = judgeOf({
    1: ['listed', policyYaml('all', 'podSelector: {}')],
    5: ['added', policyYaml('db-ingress', ALLOW_API)],
  }).judge(synAt(20));
  assert.deepEqual(policies, ['shop/db-ingress', 'shop/all']);
  assert.match(why, /isolated by shop\/db-ingress \(.*\) and shop\/all \(it has no ingress rules/);
});

test('an edit that changes nothing for the connection: it was denied before', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('p', ALLOW_API)],
    10: ['modified', policyYaml('p', ALLOW_API.replace('api', 'job'))],
  });
  const edit = 'ingress rule 0 allowed pods app=api and now allows pods app=job';
  assert.deepEqual(short(judge.judge(synAt(20))), ['consistent', 'shop/p', 10, edit, false]);
});

test('a policy that is added, deleted, and added again', () => {
  const deny = policyYaml('deny', 'podSelector: {}');
  const judge = judgeOf({ 10: ['added', deny], 20: ['deleted', deny], 30: ['added', deny] });
  assert.deepEqual(short(judge.judge(synAt(15))), ['consistent', 'shop/deny', 10, 'it was added', true]);
  assert.deepEqual(short(judge.judge(synAt(26))), ['not a policy', null, null, null]);
  assert.deepEqual(short(judge.judge(synAt(36))), ['consistent', 'shop/deny', 30, 'it was added', true]);
});

test('a policy that allowed is deleted: its deletion began it', () => {
  const judge = judgeOf({
    1: ['listed', `${policyYaml('deny', 'podSelector: {}')}\n---\n${policyYaml('web', ALLOW_WEB)}`],
    10: ['deleted', policyYaml('web', ALLOW_WEB)],
  });
  const verdict = judge.judge(synAt(20));
  assert.deepEqual(short(verdict), ['consistent', 'shop/deny', 10, 'it was deleted', true]);
  assert.equal(verdict.changed_object, 'NetworkPolicy shop/web');
});

test('a label edited mid-incident: of the pod, of the namespace', () => {
  const fromTeam =
    'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}]}]';
  const policy = ['listed', policyYaml('p', fromTeam)] as Story[number];
  const pod = judgeOf({ 1: policy, 10: ['modified', podYaml('shop/web', '10.0.0.1', 'app: webby')] }).judge(
    synAt(20),
  );
  assert.equal(pod.changed_object, 'Pod shop/web');
  assert.deepEqual(short(pod).slice(1), [
    'shop/p',
    10,
    'label app was web and is now webby; label tier was front and is now missing',
    true,
  ]);
  const renamed = '{kind: Namespace, apiVersion: v1, metadata: {name: shop, labels: {team: z}}}';
  const namespace = judgeOf({ 1: policy, 10: ['modified', renamed] }).judge(synAt(20));
  assert.equal(namespace.changed_object, 'Namespace shop');
  assert.deepEqual(short(namespace).slice(1), ['shop/p', 10, 'label team was a and is now z', true]);
});

test('an address used again: each drop is the pod that had it then', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('p', ALLOW_WEB)],
    10: ['deleted', podYaml('shop/web', '10.0.0.1', 'app: web')],
    20: ['added', podYaml('shop/job', '10.0.0.1', 'app: job')],
  });
  assert.equal(judge.judge(synAt(2)).source_pod, 'web');
  assert.equal(judge.judge(synAt(2)).grade, 'not a policy');
  assert.equal(judge.judge(synAt(30)).source_pod, 'job');
  assert.equal(judge.judge(synAt(30)).grade, 'consistent');
});

test('a pod that has succeeded or failed has no address', () => {
  const ended = podYaml('shop/web', '10.0.0.1', 'app: web').replace('Running', 'Succeeded');
  const judge = judgeOf({ 1: ['listed', policyYaml('p', ALLOW_API)], 10: ['modified', ended] });
  assert.equal(judge.judge(synAt(9)).source_pod, 'web');
  const later = judge.judge(synAt(30));
  assert.deepEqual([later.source_pod, later.grade], [null, 'unknown']);
  assert.match(later.why, /10\.0\.0\.1 is in the pod range of node n1, but no pod had it/);
});

test('an address that is seen a little late is the pod that gets it', () => {
  const judge = judgeOf({
    1: ['listed', policyYaml('p', ALLOW_API)],
    10: ['added', podYaml('shop/new', '10.0.0.9', 'app: web')],
  });
  assert.equal(judge.judge(synAt(8, { sourceAddress: '10.0.0.9' })).source_pod, 'new');
  assert.equal(judge.judge(synAt(3, { sourceAddress: '10.0.0.9' })).source_pod, null);
});

test('before the first list and across a watch gap the answer is unknown, and says so', () => {
  const gap = { kind: 'NetworkPolicy', since: 10n * SECOND, until: 20n * SECOND, reason: 'ECONNREFUSED' };
  const judge = judgeOf({ 1: ['listed', policyYaml('p', ALLOW_API)] }, [gap]);
  const at = (second: number) => judge.judge(synAt(second));
  assert.equal(
    at(0).why,
    'Cannot be judged: egress: Pod objects are known only from 1970-01-01T00:00:01.000000000Z on.',
  );
  assert.equal(at(9).grade, 'consistent');
  assert.equal(
    at(15).why,
    'Cannot be judged: egress: NetworkPolicy objects were not watched from ' +
      '1970-01-01T00:00:10.000000000Z to 1970-01-01T00:00:20.000000000Z (ECONNREFUSED).',
  );
  assert.equal(at(20).grade, 'consistent');
});

test('without a list of policies nobody can say that there were none', () => {
  const rows = [...rowsOf(SHOP), ...marks().filter(({ kind }) => kind !== 'NetworkPolicyList')];
  const verdict = new DropJudge(new ClusterTimeline(rows)).judge(synAt(5));
  assert.equal(verdict.why, 'Cannot be judged: egress: NetworkPolicy objects were not recorded.');
});

test('a dropped reply is judged the way its connection was opened', () => {
  const judge = judgeOf({ 1: ['listed', policyYaml('p', ALLOW_API)] });
  const reply = {
    sourceAddress: '10.0.0.2',
    sourcePort: 5432,
    destinationAddress: '10.0.0.1',
    destinationPort: 40000,
  };
  const verdict = judge.judge(synAt(5, { ...reply, tcpFlags: 'ACK' }));
  assert.deepEqual(
    [verdict.initiator, verdict.source_pod, verdict.source_port, verdict.destination_port, verdict.grade],
    ['destination', 'web', 40000, 5432, 'consistent'],
  );
});

test('when nothing tells who opened it: allowed both ways is not a policy, everything else is unknown', () => {
  const packet = synAt(5, { sourcePort: 7, destinationPort: 8, tcpFlags: 'ACK' });
  assert.deepEqual(judgeOf({}).judge(packet).grade, 'not a policy');
  const verdict = judgeOf({ 1: ['listed', policyYaml('p', ALLOW_API)] }).judge(packet);
  assert.deepEqual([verdict.initiator, verdict.grade, verdict.policies], ['unknown', 'unknown', []]);
});

test('a workload is found by owners, and never by taking a name apart', () => {
  const owned = (kind: string, name: string, owner: string) =>
    `{kind: ${kind}, apiVersion: v1, metadata: {namespace: shop, name: ${name}, labels: {app: web}, ownerReferences: [${owner}]}, status: {podIP: 10.0.0.${kind === 'Pod' ? 8 : 9}}}`;
  const judge = judgeOf({
    1: [
      'listed',
      [
        owned('ReplicaSet', 'front-6d4', '{kind: Deployment, name: front, controller: true}'),
        owned('Pod', 'front-6d4-x2x', '{kind: ReplicaSet, name: front-6d4, controller: true}'),
        policyYaml('p', ALLOW_API),
      ].join('\n---\n'),
    ],
  });
  const verdict = judge.judge(synAt(5, { sourceAddress: '10.0.0.8' }));
  assert.deepEqual([verdict.source_workload_kind, verdict.source_workload], ['Deployment', 'front']);
  assert.deepEqual([verdict.destination_workload_kind, verdict.destination_workload], ['Pod', 'db']);
});

test('a policy that cannot be judged is named, and may be what dropped what the others allow', () => {
  const judge = judgeOf({ 1: ['listed', policyYaml('bad', 'ingress: [{from: [{}]}]')] });
  const verdict = judge.judge(synAt(5));
  assert.equal(verdict.grade, 'unknown');
  assert.equal(
    verdict.why,
    'Cannot be judged: the policies that can be allow it (egress: no policy isolates the source pod; ' +
      'ingress: no policy isolates the destination pod). ' +
      'NetworkPolicy shop/bad is left out of the answer: spec.ingress[0].from[0] names no peer.',
  );
  assert.deepEqual(verdict.left_out, [
    'NetworkPolicy shop/bad is left out of the answer: spec.ingress[0].from[0] names no peer.',
  ]);
  assert.equal(judge.judge(synAt(5, { reason: 'NO_SOCKET' })).grade, 'not a policy');
});

test("one connection is denied by its source port, another is not: Calico's policies look at it", () => {
  const policy = `{kind: GlobalNetworkPolicy, apiVersion: projectcalico.org/v3, metadata: {name: low}, spec: {
    ingress: [{action: Deny, protocol: TCP, source: {ports: ["30000:30999"]}}, {action: Allow}]}}`;
  const judge = judgeOf({ 1: ['listed', policy] });
  const grades = [30001, 50001, 30002].map((sourcePort) => judge.judge(synAt(5, { sourcePort })).grade);
  assert.deepEqual(grades, ['consistent', 'not a policy', 'consistent']);
});

test('a policy that the data plane named is proven also where flags and ports do not tell who opened', () => {
  const judge = judgeOf({});
  const named = { egress: ['CiliumNetworkPolicy shop/no-dns'], ingress: [] };
  const packet = synAt(5, {
    seenBy: 'hubble',
    reason: 'POLICY_DENIED',
    protocol: 'UDP',
    tcpFlags: null,
    deniedBy: named,
  });
  const { grade, direction, policies, initiator } = judge.judge({ ...packet, destinationPort: 9999 });
  assert.deepEqual([grade, direction, policies, initiator], ['proven', 'egress', named.egress, 'source']);
});

test('the same version seen by two recorders counts once, also when one of them is behind', () => {
  const version = (resourceVersion: string, app: string) =>
    podYaml('shop/late', '10.0.0.5', `app: ${app}`).replace(
      'uid: ',
      `resourceVersion: "${resourceVersion}", uid: `,
    );
  const rows = [
    ...rowsOf(SHOP),
    ...rowsOf(version('1', 'web'), 1n),
    ...rowsOf(version('2', 'api'), 2n, 'modified'),
    ...rowsOf(version('1', 'web'), 3n),
    ...rowsOf(version('3', 'api'), 4n, 'deleted'),
    ...rowsOf(version('2', 'api'), 5n, 'modified'),
    ...marks(),
  ];
  const timeline = new ClusterTimeline(rows);
  assert.equal(timeline.at(3n).pod('shop', 'late')?.labels.app, 'api');
  assert.equal(timeline.at(6n).pod('shop', 'late'), undefined);
});

test('at a relist the end of the old pod of a name does not end the new one', () => {
  const old = podYaml('shop/db-0', '10.0.0.5', 'app: db').replace('uid-db-0', 'old');
  const renewed = podYaml('shop/db-0', '10.0.0.6', 'app: db').replace('uid-db-0', 'new');
  const timeline = new ClusterTimeline([
    ...rowsOf(old, 1n),
    ...rowsOf(renewed, 2n),
    ...rowsOf(old, 2n, 'vanished'),
    ...marks(0n),
  ]);
  const state = timeline.at(3n);
  assert.equal(state.pod('shop', 'db-0')?.uid, 'new');
  assert.equal(state.endpointAt('10.0.0.5').kind, 'external');
  assert.equal(state.endpointAt('10.0.0.6').kind, 'pod');
});

test('an object that is not JSON is an error that names the object', () => {
  const [row] = rowsOf(podYaml('shop/web', '10.0.0.1', 'app: web'));
  assert(row !== undefined);
  assert.throws(
    () => new ClusterTimeline([{ ...row, object: '{"kind"' }]),
    /^DecodeError: kubernetes_objects\.object of Pod shop\/web: expected an object as JSON, found \{"kind"$/,
  );
});

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: db}
spec: {clusterIP: 10.96.0.9}`;

const slice = (ready: boolean) => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: shop, name: db-x7, labels: {kubernetes.io/service-name: db}}
endpoints: [{addresses: [10.0.0.2], conditions: {ready: ${ready}}}]`;

test('a service without a ready endpoint rejects what no policy dropped', () => {
  const judge = judgeOf({
    1: ['listed', `${policyYaml('db-ingress', ALLOW_API)}\n---${SERVICE}\n---${slice(true)}`],
    10: ['modified', slice(false)],
    20: ['modified', slice(true)],
  });
  const toService = (second: number) => judge.judge(synAt(second, { destinationAddress: '10.96.0.9' }));
  assert.equal(toService(5).grade, 'unknown');
  const { grade, why, policies } = toService(15);
  assert.deepEqual(
    { grade, why, policies },
    {
      grade: 'not a policy',
      why: 'Service shop/db had no ready endpoint, so its proxy rejected the connection.',
      policies: [],
    },
  );
  assert.equal(judge.judge(synAt(15)).grade, 'consistent');
});

test('a packet from the address of a service is a reply: the other end opened the connection', () => {
  const judge = judgeOf({ 1: ['listed', `${SERVICE}\n---${slice(true)}`] });
  const reply = {
    sourceAddress: '10.96.0.9',
    sourcePort: 5432,
    destinationAddress: '10.0.0.1',
    destinationPort: 40000,
  };
  const verdict = judge.judge(synAt(5, { ...reply, tcpFlags: 'ACK' }));
  assert.equal(verdict.initiator, 'destination');
  assert.deepEqual(
    [verdict.source_workload, verdict.destination_address, verdict.destination_port],
    ['web', '10.96.0.9', 5432],
  );
});

test('link-local and multicast addresses are never pods, also before pods were listed', () => {
  const judge = judgeOf({});
  const router = {
    sourceAddress: 'fe80::1',
    destinationAddress: 'ff02::16',
    protocol: 'IPv6-ICMP',
    tcpFlags: null,
  };
  assert.equal(judge.judge(synAt(0, router)).grade, 'not a policy');
  assert.equal(judge.judge(synAt(0)).grade, 'unknown');
});

test('what passes between two ends of which none is a pod is nobody’s policy, whoever opened it', () => {
  const judge = judgeOf({ 1: ['listed', policyYaml('db-ingress', ALLOW_API)] });
  const router = {
    sourceAddress: 'fe80::1',
    destinationAddress: 'ff02::16',
    protocol: 'IPv6-ICMP',
    tcpFlags: null,
  };
  const { grade } = judge.judge(
    synAt(5, { ...router, sourcePort: null, destinationPort: null, reason: 'NOT_SPECIFIED' }),
  );
  assert.equal(grade, 'not a policy');
});

/** Rows of web, with what the API server adds: a version; and marks of lists as new as `version`. */
const versioned = (yaml: string, version: number) =>
  yaml.replace('uid: ', `resourceVersion: "${version}", uid: `);
const listAt = (time: bigint, version: number, observed: 'listed' | 'relisted') =>
  listMark('Pod', 'v1', String(version), time, observed);

test('what a first list does not show ended while nobody recorded, unless it is newer than the list', () => {
  const web = (name: string, ip: string, version: number) =>
    versioned(podYaml(`shop/${name}`, ip, 'app: web'), version);
  const history = (observed: 'listed' | 'relisted') =>
    new ClusterTimeline([
      ...rowsOf(web('stays', '10.0.0.1', 1), 1n),
      ...rowsOf(web('gone', '10.0.0.2', 2), 1n),
      ...marks(1n),
      ...rowsOf(web('newer', '10.0.0.3', 9), 6n, 'added'),
      listAt(7n, 8, observed), // Rows of one time come in any order.
      ...rowsOf(web('stays', '10.0.0.1', 1), 7n),
    ]);
  const podsAt = (timeline: ClusterTimeline, time: bigint) =>
    ['stays', 'gone', 'newer'].filter((name) => timeline.at(time).pod('shop', name) !== undefined);
  const restarted = history('listed');
  assert.deepEqual(podsAt(restarted, 6n), ['stays', 'gone', 'newer']);
  assert.deepEqual(podsAt(restarted, 7n), ['stays', 'newer']);
  assert.equal(restarted.at(7n).endpointAt('10.0.0.2').kind, 'external');
  assert.deepEqual(podsAt(history('relisted'), 7n), ['stays', 'gone', 'newer']);
});

test('a row without a name that is not of a list marks nothing', () => {
  const nameless = { ...listAt(1n, 1, 'listed'), kind: 'Pod' };
  const { history } = new ClusterTimeline([nameless]);
  assert.equal(history.coverage.listedSince('Pod'), undefined);
});

test('labels with names that every JavaScript object knows are labels like others', () => {
  const timeline = new ClusterTimeline([
    ...rowsOf(SHOP, 1n),
    ...rowsOf(podYaml('shop/web', '10.0.0.1', 'app: web, tier: front, constructor: "5"'), 2n, 'modified'),
    ...marks(1n),
  ]);
  const state = new ClusterTimeline([...rowsOf(SHOP, 1n), ...marks(1n)]).at(1n);
  const [source, destination] = ['10.0.0.1', '10.0.0.2'].map((address) => state.endpointAt(address));
  assert(source !== undefined && destination !== undefined);
  const connection = { source, destination, protocol: 'TCP', sourcePort: null, destinationPort: 5432 };
  assert.deepEqual(changesBearingOn(timeline, 'ingress', connection), [
    {
      time: 2n,
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
      what: 'label constructor was missing and is now 5',
      undo: 'remove label constructor',
    },
  ]);
});
