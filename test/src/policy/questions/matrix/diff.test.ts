import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubernetesObjectRow } from '../../../../../src/kubernetes/observation.js';
import { objectSaid } from '../../../../../src/policy/history/changed_object.js';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import { matrixDiff, type PairChange } from '../../../../../src/policy/questions/matrix/diff.js';
import { gapsBetween, notRecorded } from '../../../../../src/policy/questions/unrecorded.js';
import { ingressYaml, marks, podYaml, policyYaml, rowsOf } from '../../cluster.js';
import { ownedYaml } from '../asked.js';

const WEB = podYaml('shop/web', '10.0.0.1', 'app: web');
const DB = podYaml('shop/db', '10.0.0.2', 'app: db');
const allowing = (peer: string, port: number) =>
  ingressYaml('db', `{from: [{podSelector: {matchLabels: {app: ${peer}}}}], ports: [{port: ${port}}]}`);
const START = [WEB, DB, allowing('web', 5432)];

/** A cluster that was as `start` says at time 1, and what changed then. */
function recorded(start: readonly string[], changes: readonly KubernetesObjectRow[]): ClusterTimeline {
  return new ClusterTimeline([...start.flatMap((yaml) => rowsOf(yaml, 1n)), ...marks(1n), ...changes]);
}

function edited(yaml: string, time = 15n): KubernetesObjectRow[] {
  return rowsOf(yaml, time, 'modified');
}

/** What differs between times 10 and 20; the namespace shop is left out. */
function diff(start: readonly string[], changes: readonly KubernetesObjectRow[]) {
  const timeline = recorded(start, changes);
  const { appeared, vanished, doubtful, came, went } = matrixDiff(timeline, 10n, 20n);
  const told = ({ source, destination, connections, changes }: PairChange) =>
    [
      `${source} > ${destination}: ${connections.text}`,
      ...changes.map(({ time, object, what }) => `  ${time} ${objectSaid(object)}: ${what}`),
    ].map((line) => line.replaceAll('shop/', ''));
  return {
    appeared: appeared.flatMap(told),
    vanished: vanished.flatMap(told),
    doubtful: doubtful.map(
      ({ source, destination, connections, why }) =>
        `${source} > ${destination}: ${connections.text}: ${why}`,
    ),
    came,
    went,
  };
}

const NOTHING = { appeared: [], vanished: [], doubtful: [], came: [], went: [] };

test('nothing changed', () => {
  assert.deepEqual(diff(START, []), NOTHING);
});

test('an edit makes one port vanish and another appear, and is named with both', () => {
  const edit =
    '  15 NetworkPolicy db: ingress rule 0 allowed pods app=web on TCP 5432 and now allows pods app=web on TCP 5433';
  assert.deepEqual(diff(START, edited(allowing('web', 5433))), {
    ...NOTHING,
    appeared: ['web > db: TCP 5433', edit],
    vanished: ['web > db: TCP 5432', edit],
  });
});

test('changes that were taken back, and those before and after, count for nothing', () => {
  const rows = [
    ...edited(allowing('api', 5432), 5n),
    ...edited(allowing('web', 5432), 10n),
    ...edited(allowing('api', 5432), 12n),
    ...edited(allowing('web', 5432), 14n),
    ...edited(allowing('api', 5432), 21n),
  ];
  assert.deepEqual(diff(START, rows), NOTHING);
});

test('a change at the second instant counts; one that turns nothing is not named', () => {
  const rows = [
    ...edited(allowing('web', 5432).replace('app: web', 'app: web, tier: front'), 12n),
    ...edited(allowing('api', 5432), 20n),
  ];
  const web = WEB.replace('app: web', 'app: web, tier: front');
  assert.deepEqual(diff([web, DB, allowing('web', 5432)], rows).vanished, [
    'web > db: TCP 5432',
    '  20 NetworkPolicy db: ingress rule 0 allowed pods app=web, tier=front on TCP 5432 and now allows pods app=api on TCP 5432',
  ]);
});

test('a label of a pod, and of a namespace, told once', () => {
  const relabelled = podYaml('shop/web', '10.0.0.1', 'app: wbe');
  assert.deepEqual(diff(START, edited(relabelled)).vanished, [
    'web > db: TCP 5432',
    '  15 Pod web: label app was web and is now wbe',
  ]);
  const namespace = (team: string) =>
    `{kind: Namespace, apiVersion: v1, metadata: {name: shop, labels: {team: ${team}}}}`;
  const policy = policyYaml(
    'all',
    'podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]\negress: [{to: [{namespaceSelector: {matchLabels: {team: a}}}]}]',
  );
  const { vanished } = diff([namespace('a'), WEB, DB, policy], edited(namespace('b')));
  assert.deepEqual(vanished, [
    'db > web: all',
    '  15 Namespace shop: label team was a and is now b',
    'web > db: all',
    '  15 Namespace shop: label team was a and is now b',
  ]);
});

test('workloads that came and went are told apart from pairs', () => {
  const api = podYaml('shop/api', '10.0.0.3', 'app: api');
  assert.deepEqual(diff([WEB, DB], [...rowsOf(api, 15n, 'added'), ...rowsOf(DB, 16n, 'deleted')]), {
    ...NOTHING,
    came: ['shop/api[Pod]'],
    went: ['shop/db[Pod]'],
  });
});

test('a workload whose pods were all replaced is the same one', () => {
  const pod = (name: string, ip: string) =>
    ownedYaml('Pod', name, 'StatefulSet/web', 'app: web', `podIP: ${ip}`).replace(
      'labels',
      `uid: uid-${name}, labels`,
    );
  const rows = [
    ...rowsOf(pod('web-a', '10.0.0.1'), 15n, 'deleted'),
    ...rowsOf(pod('web-b', '10.0.0.9'), 15n, 'added'),
    ...rowsOf(allowing('api', 1), 16n, 'added'),
  ];
  assert.deepEqual(diff([pod('web-a', '10.0.0.1'), DB], rows).vanished.slice(0, 1), ['web > db: all']);
});

test('pods of a workload that come to be treated differently are told by name', () => {
  const pod = (name: string, ip: string, app: string) =>
    ownedYaml('Pod', name, 'StatefulSet/web', `app: ${app}`, `podIP: ${ip}`);
  const start = [pod('web-0', '10.0.0.1', 'web'), pod('web-1', '10.0.0.3', 'web'), DB, allowing('web', 5432)];
  assert.deepEqual(diff(start, edited(pod('web-1', '10.0.0.3', 'wbe'))).vanished, [
    'web (web-1) > db: TCP 5432',
    '  15 Pod web-1: label app was web and is now wbe',
  ]);
});

test('the outside is cut by the policies of both instants', () => {
  const block = (cidr: string) => ingressYaml('db', `{from: [{ipBlock: {cidr: ${cidr}}}]}`);
  const { appeared, vanished } = diff([DB, block('198.51.100.0/24')], edited(block('198.51.100.0/25')));
  assert.deepEqual(appeared, []);
  assert.equal(vanished[0], 'outside 198.51.100.128/25 > db: all');
});

test('what cannot be judged at one of the instants is neither', () => {
  const l7 = `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: {namespace: shop, name: db}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}]`;
  const isWebToDb = (line: string) => line.startsWith('shop/web > shop/db: TCP 80: ');
  const after = diff([WEB, DB], rowsOf(l7, 15n, 'added'));
  assert.ok(after.doubtful.some(isWebToDb), after.doubtful.join('\n'));
  assert.deepEqual(
    after.vanished.filter((line) => line.startsWith('web > db')),
    ['web > db: TCP 1-79, 81-65535, every UDP port, every SCTP port'],
  );
  const before = diff([WEB, DB, l7], rowsOf(l7, 15n, 'deleted'));
  assert.ok(before.doubtful.some(isWebToDb));
  assert.deepEqual(
    before.appeared.filter((line) => line.startsWith('web > db')),
    ['web > db: TCP 1-79, 81-65535, every UDP port, every SCTP port'],
  );
});

test('gaps between the instants, and kinds that nobody looked for, are said', () => {
  const gaps = [{ kind: 'Pod', since: 12n, until: 14n, reason: 'watch interrupted' }];
  const timeline = new ClusterTimeline([...rowsOf(WEB, 1n), ...marks(1n)], gaps);
  const [gap, ...others] = gapsBetween(timeline, 10n, 20n);
  assert.match(
    gap ?? '',
    /^Changes may be missing: Pod objects were not watched from .* \(watch interrupted\)\.$/,
  );
  assert.deepEqual(others, []);
  assert.deepEqual(gapsBetween(timeline, 14n, 20n), []);
  assert.deepEqual(notRecorded(timeline), []);
  const bare = new ClusterTimeline(marks(1n).filter(({ kind }) => kind !== 'AdminNetworkPolicyList'));
  assert.deepEqual(notRecorded(bare), ['Not recorded, taken to be absent: AdminNetworkPolicy.']);
  assert.deepEqual(notRecorded(bare, 'families'), notRecorded(bare));
});

test('all that was changed between the instants is told, in order, whether it bears on a pair or not', () => {
  const timeline = recorded(
    [WEB, DB, allowing('web', 1)],
    [
      ...edited(allowing('web', 2), 10n),
      ...edited(podYaml('shop/web', '10.0.0.1', 'app: wbe'), 19n),
      ...edited(allowing('api', 2)),
      ...edited(allowing('web', 2), 20n),
      ...edited(allowing('web', 3), 21n),
    ],
  );
  assert.deepEqual(
    matrixDiff(timeline, 10n, 20n).between.map(({ time, object }) => `${time} ${objectSaid(object)}`),
    ['15 NetworkPolicy shop/db', '19 Pod shop/web', '20 NetworkPolicy shop/db'],
  );
});
