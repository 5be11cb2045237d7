import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import { Inquiry } from '../../../../../src/policy/questions/explain/inquiry.js';
import type { DataPlane } from '../../../../../src/policy/rules/data_plane.js';
import { marks, podYaml, policyYaml, rowsOf, SHOP } from '../../cluster.js';
import { asked, ownedYaml, workloadYaml } from '../asked.js';

const FREE = 'egress allowed: no policy isolates the source pod';
const OPEN = 'ingress allowed: no policy isolates the destination pod';
const BY_RULE = 'ingress allowed: NetworkPolicy shop/p allows by rule 0';
const DENIED = 'ingress denied: NetworkPolicy shop/p isolates by rule 0';

const TO_DB = policyYaml(
  'p',
  'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 203.0.113.0/25}}], ports: [{port: pg}]}]',
);
const DB = workloadYaml(
  'db',
  'app: db',
  '{name: pg, containerPort: 5432}, {name: admin, containerPort: 8080}',
);
const WEB = workloadYaml('web', 'app: web');
const SERVICE =
  '{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: pg}, spec: {selector: {app: db}, clusterIP: 10.96.0.5, ports: [{name: sql, port: 15432, targetPort: pg}]}}';

test('the policies that decide, with the number of their rule', () => {
  assert.equal(asked([SHOP, TO_DB], 'shop/web > shop/db TCP 5432'), `allowed\n${FREE}\n${BY_RULE}`);
  assert.equal(asked([SHOP, TO_DB], 'shop/web > shop/db TCP 80'), `denied\n${FREE}\n${DENIED}`);
  const empty = policyYaml('none', 'podSelector: {}');
  assert.equal(
    asked([SHOP, empty], 'prod/web > shop/db TCP 80'),
    `denied\n${FREE}\ningress denied: NetworkPolicy shop/none isolates by rule null`,
  );
});

test('templates stand for pods that are not there', () => {
  assert.equal(asked([WEB, DB, TO_DB], 'shop/web > shop/db TCP 5432'), `allowed\n${FREE}\n${BY_RULE}`);
  assert.equal(asked([WEB, DB, TO_DB], '198.51.100.1 > shop/db TCP 5432').split('\n')[0], 'denied');
});

test('a workload and itself: two of its pods, also of a template', () => {
  const pods = ['a', 'b'].map((name, i) =>
    ownedYaml('Pod', name, 'Deployment/db', 'app: db', `podIP: 10.0.2.${i}`),
  );
  assert.equal(asked([...pods, TO_DB], 'shop/db > shop/db TCP 80'), `denied\n${FREE}\n${DENIED}`);
  assert.equal(asked([DB, TO_DB], 'shop/db > shop/db TCP 80'), `denied\n${FREE}\n${DENIED}`);
  assert.equal(
    asked([SHOP, TO_DB], 'shop/db > shop/db TCP 80'),
    'allowed\negress allowed: a pod may always reach itself\ningress allowed: a pod may always reach itself',
  );
});

test('pods that are judged differently have no common verdict', () => {
  const pods = [
    ownedYaml('Pod', 'web-a', 'Deployment/web', 'app: web', 'podIP: 10.0.2.1'),
    ownedYaml('Pod', 'web-b', 'Deployment/web', 'app: other', 'podIP: 10.0.2.2'),
    ownedYaml('Pod', 'web-c', 'Deployment/web', 'app: other', 'podIP: 10.0.2.3'),
  ];
  const known = podYaml('shop/db', '10.0.0.2', 'app: db', '{name: pg, containerPort: 5432}');
  assert.equal(
    asked([...pods, known, TO_DB], 'shop/web > shop/db TCP 5432'),
    `unknown\n${FREE}\ningress unknown: it depends: allowed for shop/web-a; denied for shop/web-b, shop/web-c`,
  );
  assert.equal(asked([...pods, known, TO_DB], 'shop/web > shop/db TCP 80'), `denied\n${FREE}\n${DENIED}`);
  const from = policyYaml('from', 'podSelector: {matchLabels: {app: other}}\npolicyTypes: [Egress]');
  assert.equal(asked([...pods, known, from], 'shop/db > shop/web TCP 80'), `allowed\n${FREE}\n${OPEN}`);
  const to = policyYaml('to', 'podSelector: {matchLabels: {app: other}}');
  assert.equal(
    asked([...pods, known, to], 'shop/db > shop/web TCP 80'),
    `unknown\n${FREE}\ningress unknown: it depends: allowed for shop/web-a; denied for shop/web-b, shop/web-c`,
  );
  const both = asked([...pods, to], 'shop/web > shop/web TCP 80').split('\n')[2];
  assert.equal(
    both,
    'ingress unknown: it depends: denied for shop/web-a to shop/web-b, shop/web-a to shop/web-c, shop/web-b to shop/web-c, shop/web-c to shop/web-b; allowed for shop/web-b to shop/web-a, shop/web-c to shop/web-a',
  );
});

test('denied in the one or the other direction is denied; each policy is named once', () => {
  const pods = [
    ownedYaml('Pod', 'a', 'Deployment/all', 'app: a', 'podIP: 10.0.2.1'),
    ownedYaml('Pod', 'b', 'Deployment/all', 'app: b', 'podIP: 10.0.2.2'),
  ];
  const noEgress = policyYaml('no-egress', 'podSelector: {matchLabels: {app: a}}\npolicyTypes: [Egress]');
  const noIngress = policyYaml(
    'no-ingress',
    'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]',
  );
  assert.equal(
    asked([...pods, SHOP, noEgress, noIngress], 'shop/all > shop/db TCP 80'),
    'denied\negress unknown: it depends: denied for shop/a; allowed for shop/b\ningress unknown: it depends: allowed for shop/a; denied for shop/b',
  );
  const none = policyYaml('none', 'podSelector: {}');
  assert.equal(
    asked([...pods, SHOP, none], 'prod/web > shop/all TCP 80'),
    `denied\n${FREE}\ningress denied: NetworkPolicy shop/none isolates by rule null`,
  );
});

test('the parts of a block that are judged differently', () => {
  assert.equal(
    asked([DB, TO_DB], '203.0.113.0/24 > shop/db TCP 5432'),
    'unknown\negress allowed: the source is not a pod, so no policy selects it\ningress unknown: it depends: allowed for 203.0.113.0/25; denied for 203.0.113.128/25',
  );
});

test('a service is its backends, of pods and of templates', () => {
  for (const objects of [[SHOP], [WEB, DB]]) {
    for (const to of ['shop/pg[Service] TCP 15432', 'shop/pg[Service] TCP sql', '10.96.0.5 TCP 15432']) {
      assert.equal(
        asked([...objects, SERVICE, TO_DB], `shop/web > ${to}`),
        `allowed\n${FREE}\n${BY_RULE}`,
        to,
      );
    }
  }
  const nowhere = 'service shop/pg leads nowhere on TCP 80: no such port, or no ready endpoint';
  assert.equal(
    asked([SHOP, SERVICE], 'shop/web > shop/pg[Service] TCP 80'),
    `unknown\negress unknown: ${nowhere}\ningress unknown: ${nowhere}`,
  );
  assert.equal(
    asked([SHOP, SERVICE], 'shop/web > shop/pg[Service] TCP http'),
    'service shop/pg has no TCP port named "http"; it has sql (TCP 15432)',
  );
});

test('a port by its name in the destination', () => {
  assert.equal(asked([WEB, DB, TO_DB], 'shop/web > shop/db TCP pg'), `allowed\n${FREE}\n${BY_RULE}`);
  assert.equal(asked([WEB, DB, TO_DB], 'shop/web > shop/db TCP admin'), `denied\n${FREE}\n${DENIED}`);
  assert.equal(
    asked([WEB, DB], 'shop/web > shop/db UDP pg'),
    'shop/db[Deployment] has no UDP port named "pg"; it has pg (TCP 5432), admin (TCP 8080)',
  );
  assert.equal(
    asked([WEB, DB], 'shop/db > shop/web TCP pg'),
    'shop/web[Deployment] has no TCP port named "pg"; it has none with a name',
  );
  assert.equal(
    asked([WEB], 'shop/web > 198.51.100.1 TCP pg'),
    'port "pg": only pods and services have ports with a name, and 198.51.100.1 is neither',
  );
});

test('ends of different address families never meet', () => {
  const six = podYaml('shop/six', 'fd00::6', 'app: six');
  const none = 'the two ends have no addresses of one family';
  assert.equal(
    asked([SHOP, six], 'shop/six > shop/db TCP 80'),
    `unknown\negress unknown: ${none}\ningress unknown: ${none}`,
  );
  const both = podYaml('shop/both', '10.0.0.9"}, {ip: "fd00::9', 'app: both');
  assert.equal(asked([SHOP, both], 'shop/both > shop/db TCP 80'), `allowed\n${FREE}\n${OPEN}`);
});

test('protocols without ports are asked about without one', () => {
  assert.equal(asked([SHOP], 'shop/web > shop/db ICMP'), `allowed\n${FREE}\n${OPEN}`);
});

test('a pod that has ended cannot be judged', () => {
  const ended = ownedYaml('Pod', 'job-1', 'Job/job', 'app: job', 'phase: Failed, podIP: 10.0.2.1');
  assert.equal(
    asked([SHOP, ended], 'shop/job-1 > shop/db TCP 80'),
    `unknown\negress unknown: shop/job-1 has ended\n${OPEN}`,
  );
});

test('a service does not lead to pods that have ended', () => {
  const ended = ownedYaml('Pod', 'pg-1', 'Job/pg', 'app: db', 'phase: Failed, podIP: 10.0.2.1').replace(
    'status',
    'spec: {containers: [{name: main, ports: [{name: pg, containerPort: 5432}]}]}, status',
  );
  const nowhere = 'service shop/pg leads nowhere on TCP 15432: no such port, or no ready endpoint';
  assert.equal(
    asked([WEB, ended, SERVICE], 'shop/web > shop/pg[Service] TCP 15432'),
    `unknown\negress unknown: ${nowhere}\ningress unknown: ${nowhere}`,
  );
});

function notes(to: string, ...yaml: readonly string[]): string[] {
  return notesUnder(undefined, to, ...yaml);
}

function notesUnder(dataPlane: DataPlane | undefined, to: string, ...yaml: readonly string[]): string[] {
  const rows = [...yaml.flatMap((text) => rowsOf(text)), ...marks()];
  const inquiry = new Inquiry(new ClusterTimeline(rows, [], dataPlane), 0n);
  const question = { from: 'shop/web', to, protocol: 'TCP', port: 80 };
  return inquiry.notes(question, inquiry.pairs(question));
}

test('whose habits were assumed, where another data plane would not say the same', () => {
  const block = policyYaml('p', 'podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]');
  assert.deepEqual(notes('shop/db', SHOP, block), [
    'Judged as kubernetes enforces it, as no policy of Calico or Cilium was seen; with --dataplane cilium it is denied.',
  ]);
  assert.deepEqual(notesUnder('kubernetes', 'shop/db', SHOP, block), []);
  assert.deepEqual(notes('shop/db', SHOP, TO_DB), []);
  const noEgress = policyYaml('p', 'podSelector: {}\npolicyTypes: [Egress]');
  assert.deepEqual(notes('192.168.0.1', SHOP, noEgress), [
    'Judged as kubernetes enforces it, as no policy of Calico or Cilium was seen; with --dataplane calico it is denied, with --dataplane cilium it is denied.',
  ]);
  const cilium =
    '{kind: CiliumNetworkPolicy, apiVersion: cilium.io/v2, metadata: {namespace: shop, name: c}, spec: {endpointSelector: {}, ingress: [{}]}}';
  assert.deepEqual(notes('shop/db', SHOP, block, cilium), []);
});

test('who in a block was left out of the answer', () => {
  const MEANS = 'a block means the addresses in it that no pod, node or service has.';
  assert.deepEqual(notes('10.0.0.0/30', SHOP), [
    `10.0.0.1 (shop/web) and 10.0.0.2 (shop/db) are in 10.0.0.0/30 and were left out: ${MEANS}`,
  ]);
  assert.deepEqual(notes('192.168.0.2/31', SHOP), [
    `192.168.0.2 (node n2) is in 192.168.0.2/31 and was left out: ${MEANS}`,
  ]);
  assert.deepEqual(notes('0.0.0.0/1', SHOP, SERVICE, podYaml('shop/x', '10.0.0.9', 'app: x')), [
    `10.0.0.1 (shop/web), 10.0.0.2 (shop/db), 10.0.0.9 (shop/x), 10.0.1.1 (prod/web) and 1 more are in 0.0.0.0/1 and were left out: ${MEANS}`,
  ]);
  assert.deepEqual(notes('10.96.0.4/31', SHOP, SERVICE), [
    `10.96.0.5 (service shop/pg) is in 10.96.0.4/31 and was left out: ${MEANS}`,
  ]);
  for (const to of ['203.0.113.0/24', '0.0.0.0/0', '::/0', '10.0.0.2', '10.0.0.2/32'])
    assert.deepEqual(notes(to, SHOP), [], to);
});

test('a block where the pods were not recorded is unknown', () => {
  const rows = [...rowsOf(SHOP), ...marks()].filter(({ kind }) => kind !== 'PodList');
  const inquiry = new Inquiry(new ClusterTimeline(rows), 0n);
  const pairs = inquiry.pairs({ from: '203.0.113.0/24', to: '198.51.100.7', protocol: 'TCP', port: 80 });
  assert.equal(inquiry.answer(pairs).egress.why, 'Pod objects were not recorded');
});

test('a NodePort is not followed: it is unknown, unless nothing at all may be opened', () => {
  const node =
    '{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {addresses: [{address: 192.168.0.1}]}}';
  const service = SERVICE.replace('port: 15432', 'port: 15432, nodePort: 30080');
  const cluster = [WEB, DB, node, service];
  const why =
    "TCP 30080 of a node is a NodePort of service shop/pg, which is not followed to its backends: ask for 'shop/pg[Service]'";
  assert.equal(
    asked(cluster, 'shop/web > 192.168.0.1 TCP 30080'),
    `unknown\n${FREE}\ningress unknown: ${why}`,
  );
  const locked = policyYaml('locked', 'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]');
  assert.equal(asked([...cluster, locked], 'shop/web > 192.168.0.1 TCP 30080').split('\n')[0], 'denied');
  for (const other of ['192.168.0.1 TCP 30081', '192.168.0.1 UDP 30080', '203.0.113.1 TCP 30080']) {
    assert.equal(asked(cluster, `shop/web > ${other}`).split('\n')[0], 'allowed');
  }
});

test('a pod without an address is outside the blocks that are allowed, and what one in them would change is said', () => {
  const admin = (rules: string) =>
    `{kind: AdminNetworkPolicy, apiVersion: policy.networking.k8s.io/v1alpha1, metadata: {name: a}, spec: {priority: 1, subject: {namespaces: {}}, egress: [${rules}]}}`;
  const denyPods = '{action: Deny, to: [{namespaces: {}}]}';
  const allow = (...blocks: string[]) => `{action: Allow, to: [{networks: [${blocks.join(', ')}]}]}`;
  const outside =
    'shop/db[Deployment] has no address yet and is taken to be outside the blocks that are allowed;';
  const asksFor = (rules: string) => notesUnder('kubernetes', 'shop/db', WEB, DB, admin(rules));
  assert.deepEqual(asksFor(`${allow('10.0.0.0/8', '2001:db8::/32')}, ${denyPods}`), [
    `${outside} with one in 10.0.0.0/8, 2001:db8::/32, egress would be allowed.`,
  ]);
  // What comes first counts, and so does the family of an end that has an address.
  assert.deepEqual(asksFor(`${denyPods}, ${allow('10.0.0.0/8')}`), []);
  assert.deepEqual(asksFor(denyPods), []);
  assert.deepEqual(
    notesUnder(
      'kubernetes',
      'shop/db',
      SHOP.replaceAll('shop/db', 'shop/other').replace('name: db', 'name: other'),
      DB,
      admin(`${allow('10.0.0.0/8', '2001:db8::/32')}, ${denyPods}`),
    ),
    [`${outside} with one in 10.0.0.0/8, egress would be allowed.`],
  );
  const ingress = policyYaml(
    'p',
    'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 80}]}]',
  );
  assert.deepEqual(notesUnder('kubernetes', 'shop/db', WEB, DB, ingress), [
    'shop/web[Deployment] has no address yet and is taken to be outside the blocks that are allowed; with one in 0.0.0.0/0 except 10.0.0.0/8, ingress would be allowed.',
  ]);
});
