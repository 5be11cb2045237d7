import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import { Directory } from '../../../../../src/policy/questions/names/directory.js';
import { marks, podYaml, policyYaml, rowsOf, SHOP } from '../../cluster.js';
import { ownedYaml, workloadYaml } from '../asked.js';

/** What a name stands for: a line for each end, with its kind and address. */
function whoIs(name: string, ...yaml: readonly string[]): string {
  const rows = [...yaml.flatMap((text) => rowsOf(text)), ...marks()];
  const timeline = new ClusterTimeline(rows);
  try {
    const { ends } = new Directory(timeline, timeline.at(0n)).who(name);
    return ends
      .map((end) => `${end.name}: ${end.endpoint.kind} ${end.endpoint.address}`.trimEnd())
      .join('\n');
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

const WEB = [
  workloadYaml('web', 'app: web'),
  ownedYaml('ReplicaSet', 'web-5f', 'Deployment/web'),
  ownedYaml('Pod', 'web-5f-a', 'ReplicaSet/web-5f', 'app: web', 'podIP: 10.0.2.1'),
  ownedYaml('Pod', 'web-5f-b', 'ReplicaSet/web-5f', 'app: web', 'podIP: 10.0.2.2'),
];

test('a pod by its name; with two addresses it is two ends', () => {
  assert.equal(whoIs('shop/db', SHOP), 'shop/db: pod 10.0.0.2');
  const both = podYaml('shop/both', '10.0.0.9"}, {ip: "fd00::9', 'app: both');
  assert.equal(
    whoIs('shop/both', both),
    'shop/both (10.0.0.9): pod 10.0.0.9\nshop/both (fd00::9): pod fd00::9',
  );
});

test('a workload is all its pods, under the name of any of their owners', () => {
  const pods = 'shop/web-5f-a: pod 10.0.2.1\nshop/web-5f-b: pod 10.0.2.2';
  for (const name of ['shop/web', 'shop/web[Deployment]', 'shop/web-5f', 'shop/web-5f[ReplicaSet]']) {
    assert.equal(whoIs(name, ...WEB), pods, name);
  }
});

test('pods without an address do not count beside those with one', () => {
  const pending = ownedYaml('Pod', 'web-5f-c', 'ReplicaSet/web-5f', 'app: web');
  assert.equal(
    whoIs('shop/web', ...WEB, pending),
    'shop/web-5f-a: pod 10.0.2.1\nshop/web-5f-b: pod 10.0.2.2',
  );
  assert.equal(
    whoIs('shop/web', pending, ownedYaml('ReplicaSet', 'web-5f', 'Deployment/web')),
    'shop/web-5f-c: pod',
  );
});

test('a workload without pods is its template, and what it owns is not there beside it', () => {
  for (const kind of [
    'Deployment',
    'ReplicaSet',
    'ReplicationController',
    'StatefulSet',
    'DaemonSet',
    'Job',
  ]) {
    assert.equal(
      whoIs('shop/one', workloadYaml('one', 'app: one', '', kind)),
      `shop/one[${kind}]: pod`,
      kind,
    );
  }
  const cronJob =
    '{kind: CronJob, apiVersion: batch/v1, metadata: {name: night}, spec: {jobTemplate: {spec: {template: {}}}}}';
  assert.equal(whoIs('default/night', cronJob), 'default/night[CronJob]: pod');
  assert.equal(
    whoIs('shop/web-5f', ...WEB.slice(0, 2)),
    'nothing is named "shop/web-5f" (did you mean shop/web?); namespace shop has web',
  );
  const orphan = ownedYaml('ReplicaSet', 'web-5f', 'Deployment/gone');
  assert.equal(whoIs('shop/web-5f', orphan), 'shop/web-5f[ReplicaSet]: pod');
});

test("pods on their node's network are judged by its address", () => {
  const agent = podYaml('shop/agent', '192.168.0.1', 'app: agent', '', ', hostNetwork: true');
  assert.equal(whoIs('shop/agent', SHOP, agent), 'shop/agent: node 192.168.0.1');
  const template = workloadYaml('agent', 'app: agent', '', 'DaemonSet', ', hostNetwork: true');
  assert.equal(whoIs('shop/agent', template), 'shop/agent[DaemonSet]: unknown shop/agent[DaemonSet]');
});

test('an address, in any spelling, is whoever has it', () => {
  assert.equal(whoIs('10.0.0.2', SHOP), '10.0.0.2: pod 10.0.0.2');
  assert.equal(whoIs('2001:DB8::0', SHOP), '2001:db8::: external 2001:db8::');
  assert.equal(whoIs('10.0.0.2/32', SHOP), '10.0.0.2: pod 10.0.0.2');
  assert.equal(whoIs('192.168.0.2', SHOP), '192.168.0.2: node 192.168.0.2');
});

test('a block is the addresses outside, in the parts that policies tell apart', () => {
  assert.equal(whoIs('203.0.113.0/24', SHOP), '203.0.113.0/24: external 203.0.113.0');
  const policy = policyYaml(
    'p',
    'podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 203.0.0.0/16, except: [203.0.113.64/26]}}]}]',
  );
  assert.equal(
    whoIs('203.0.113.0/24', SHOP, policy),
    '203.0.113.0/26: external 203.0.113.0\n203.0.113.64/26: external 203.0.113.64\n203.0.113.128/25: external 203.0.113.128',
  );
});

test('a block of nothing but pods, nodes and services is these; else it is what nobody has', () => {
  assert.equal(whoIs('10.0.0.2/31', SHOP), '10.0.0.2/31: external 10.0.0.3');
  const third = podYaml('shop/third', '10.0.0.3', 'app: third');
  assert.equal(
    whoIs('10.0.0.2/31', SHOP, third),
    '10.0.0.2 (shop/db): pod 10.0.0.2\n10.0.0.3 (shop/third): pod 10.0.0.3',
  );
  const policy = policyYaml('p', 'podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 10.0.0.2/32}}]}]');
  assert.equal(whoIs('10.0.0.2/31', SHOP, policy), '10.0.0.3/32: external 10.0.0.3');
});

test('a pod that has ended is not judged; its workload is by those that have not', () => {
  const ended = ownedYaml('Pod', 'job-1', 'Job/job', 'app: job', 'phase: Succeeded, podIP: 10.0.2.1');
  assert.equal(whoIs('shop/job-1', ended), 'shop/job-1: unknown shop/job-1');
  assert.equal(whoIs('shop/job', ended), 'shop/job-1: unknown shop/job-1');
  const waiting = ownedYaml('Pod', 'job-2', 'Job/job', 'app: job', 'phase: Pending');
  assert.equal(whoIs('shop/job', ended, waiting), 'shop/job-2: pod');
});

test('several kinds of one name are ambiguous, unless they are the same pods', () => {
  const both = [workloadYaml('db', 'app: db'), workloadYaml('db', 'app: db2', '', 'StatefulSet')];
  assert.equal(
    whoIs('shop/db', ...both),
    '"shop/db" is ambiguous: say which of shop/db[Deployment], shop/db[StatefulSet] is meant',
  );
  assert.equal(whoIs('shop/db[StatefulSet]', ...both), 'shop/db[StatefulSet]: pod');
  assert.equal(
    whoIs('shop/db', SHOP, workloadYaml('db', 'app: db')),
    '"shop/db" is ambiguous: say which of shop/db[Pod], shop/db[Deployment] is meant',
  );
  const alone = ownedYaml('Pod', 'solo', 'Runner/solo', '', 'podIP: 10.0.2.9');
  assert.equal(whoIs('shop/solo', alone), 'shop/solo: pod 10.0.2.9');
});

test('a service by its kind, since workloads and their services share names, or where it alone has the name', () => {
  const service =
    '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: pg}, spec: {selector: {app: db}, ports: [{port: 80}]}}';
  assert.equal(whoIs('shop/pg[Service]', service), 'shop/pg[Service]: service shop/pg');
  assert.equal(whoIs('shop/pg', service), 'shop/pg: service shop/pg');
  assert.equal(
    whoIs('shop/pg[Pod]', SHOP, service),
    'nothing is named "shop/pg[Pod]"; there is shop/pg[Service]',
  );
  assert.equal(whoIs('shop/db[Service]', SHOP), 'nothing is named "shop/db[Service]"; there is shop/db[Pod]');
});

test('an unknown name says what is there instead', () => {
  const NONE = 'nothing is named';
  assert.equal(
    whoIs('shop/wbe', SHOP),
    `${NONE} "shop/wbe" (did you mean shop/web?); namespace shop has db, web`,
  );
  assert.equal(whoIs('shop/invoices', SHOP), `${NONE} "shop/invoices"; namespace shop has db, web`);
  const MISSING = 'there is no namespace';
  assert.equal(whoIs('staging/a', SHOP), `${MISSING} "staging"; there are: prod, shop`);
  assert.equal(whoIs('shp/web', SHOP), `${MISSING} "shp" (did you mean shop?); there are: prod, shop`);
  assert.equal(whoIs('staging/a'), `${MISSING} "staging"; there are: none`);
  const empty = '{kind: Namespace, apiVersion: v1, metadata: {name: staging}}';
  assert.equal(whoIs('staging/a', SHOP, empty), `${NONE} "staging/a"; namespace staging has no pods`);
  assert.equal(whoIs('shop/web[Deployment]', SHOP), `${NONE} "shop/web[Deployment]"; there is shop/web[Pod]`);
  const many = Array.from({ length: 14 }, (_, i) => podYaml(`shop/p${i}`, `10.0.3.${i}`, ''));
  assert.equal(
    whoIs('shop/invoices', ...many),
    `${NONE} "shop/invoices"; namespace shop has ${many
      .map((_, i) => `p${i}`)
      .sort()
      .slice(0, 12)
      .join(', ')} and 2 more`,
  );
  const expected =
    'expected namespace/name, namespace/name[Kind], an IP address or a block such as 10.0.0.0/8';
  for (const [text, meant] of [
    ['web', 'prod/web, shop/web'],
    ['wbe', 'prod/web, shop/web'],
    ['db', 'shop/db'],
  ] as const) {
    assert.equal(
      whoIs(text, SHOP),
      `"${text}" is no end of a connection (did you mean ${meant}?); ${expected}`,
    );
  }
  for (const [text, prefix] of [
    ['8.8.8.8/33', 'IPv4 is 0 to 32'],
    ['8.8.8.8/x', 'IPv4 is 0 to 32'],
    ['2001:db8::/129', 'IPv6 is 0 to 128'],
  ] as const) {
    assert.equal(whoIs(text, SHOP), `"${text}" is no block: the prefix of ${prefix}`);
  }
  for (const text of ['10.0.0.300', '10.0.0.0/33/1', 'shop/web[', '']) {
    assert.equal(whoIs(text, SHOP), `"${text}" is no end of a connection; ${expected}`);
  }
});

test('a pod that was there at another time is said to have been', () => {
  const gone = podYaml('shop/old', '10.0.0.7', 'app: old');
  const rows = [...marks(), ...rowsOf(SHOP), ...rowsOf(gone, 10n, 'added'), ...rowsOf(gone, 20n, 'deleted')];
  const timeline = new ClusterTimeline(rows);
  const at = (time: bigint) => new Directory(timeline, timeline.at(time));
  assert.equal(at(15n).who('shop/old').ends.length, 1);
  assert.throws(() => at(25n).who('shop/old'), {
    message:
      'nothing is named "shop/old"; namespace shop has db, web; a pod of that name was there from 1970-01-01T00:00:00.00000001Z to 1970-01-01T00:00:00.00000002Z',
  });
  assert.throws(
    () => at(5n).who('shop/old'),
    /a pod of that name was there from 1970-01-01T00:00:00.00000001Z to /,
  );
});

test('where the pods of that time are not known, neither is whoever has the name', () => {
  const timeline = new ClusterTimeline([...rowsOf(SHOP, 10n), ...marks(10n)]);
  const [end] = new Directory(timeline, timeline.at(5n)).who('shop/web').ends;
  assert.deepEqual(end?.endpoint, {
    kind: 'unknown',
    address: 'shop/web',
    ip: undefined,
    why: 'Pod objects are known only from 1970-01-01T00:00:00.000000010Z on',
  });
});
