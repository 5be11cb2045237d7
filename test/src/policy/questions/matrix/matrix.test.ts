import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import { endNames } from '../../../../../src/policy/questions/matrix/end_names.js';
import { endsOf } from '../../../../../src/policy/questions/matrix/ends.js';
import { Matrix } from '../../../../../src/policy/questions/matrix/matrix.js';
import { matrixNotes } from '../../../../../src/policy/questions/matrix/notes.js';
import { ingressYaml, marks, podYaml, policyYaml, rowsOf } from '../../cluster.js';
import { ownedYaml, workloadYaml } from '../asked.js';

/** `web > db: TCP 5432` for each pair that is not wholly denied, the namespace shop left out. */
function matrix(...yaml: string[]): string[] {
  return pairsIn(timelineOf(yaml)).filter((line) => !line.endsWith(': none'));
}

/** Of these, those of connections that `web` opens. */
function fromWeb(...yaml: string[]): string[] {
  return matrix(...yaml).filter((line) => line.startsWith('web'));
}

/** Of these, those of connections that `db` takes. */
function toDb(...yaml: string[]): string[] {
  return matrix(...yaml).filter((line) => line.includes('> db'));
}

function timelineOf(yaml: readonly string[]): ClusterTimeline {
  return new ClusterTimeline([...yaml.flatMap((text) => rowsOf(text)), ...marks()]);
}

function pairsIn(timeline: ClusterTimeline): string[] {
  const state = timeline.at(0n);
  const ends = endsOf(timeline, state);
  const named = endNames(ends);
  return new Matrix(state, ends).pairs().map(({ source, destination, allowed, unknown, why }) => {
    const doubt = unknown.isEmpty ? '' : `; unknown: ${unknown.text} (${why})`;
    return `${named(source)} > ${named(destination)}: ${allowed.text}${doubt}`.replaceAll('shop/', '');
  });
}

function notesOn(...yaml: string[]): string[] {
  const timeline = timelineOf(yaml);
  const state = timeline.at(0n);
  return matrixNotes(timeline, state, endsOf(timeline, state));
}

const WEB = podYaml('shop/web', '10.0.0.1', 'app: web');
const DB = podYaml('shop/db', '10.0.0.2', 'app: db', '{name: pg, containerPort: 5432}');
const TWO_PODS = `${WEB}\n---\n${DB}`;

test('without policies everybody may reach everybody', () => {
  assert.deepEqual(matrix(TWO_PODS), [
    'db > web: all',
    'db > outside 0.0.0.0/0: all',
    'web > db: all',
    'web > outside 0.0.0.0/0: all',
    'outside 0.0.0.0/0 > db: all',
    'outside 0.0.0.0/0 > web: all',
  ]);
});

test('one port of each stretch between the ports that are named is tried', () => {
  const policy = policyYaml(
    'db',
    `
podSelector: {matchLabels: {app: db}}
ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: pg}, {port: 8000, endPort: 8010}, {protocol: UDP}, {port: 65535}]
  - from: [{podSelector: {matchLabels: {app: other}}}]
    ports: [{port: 9}]`,
  );
  assert.deepEqual(toDb(TWO_PODS, policy), ['web > db: TCP 5432, 8000-8010, 65535, every UDP port']);
});

test('egress and ingress must both allow, and the port name is the destination pod’s', () => {
  const egress = policyYaml(
    'web',
    `
podSelector: {matchLabels: {app: web}}
policyTypes: [Egress]
egress: [{ports: [{port: pg}, {port: 80}]}]`,
  );
  assert.deepEqual(fromWeb(TWO_PODS, egress), ['web > db: TCP 80, 5432', 'web > outside 0.0.0.0/0: TCP 80']);
  const ingress = ingressYaml('db', '{ports: [{port: 5432}, {port: 81}]}');
  assert.deepEqual(
    matrix(TWO_PODS, egress, ingress).filter((line) => line.startsWith('web > db')),
    ['web > db: TCP 5432'],
  );
});

test('blocks cut the outside, and parts that are treated alike are one', () => {
  const policy = policyYaml(
    'web',
    `
podSelector: {matchLabels: {app: web}}
ingress:
  - from: [{ipBlock: {cidr: 198.51.100.0/24, except: [198.51.100.128/25]}}, {ipBlock: {cidr: 203.0.113.0/24}}]
  - from: [{ipBlock: {cidr: 2001:db8::/32}}]
    ports: [{port: 443}]`,
  );
  assert.deepEqual(
    matrix(WEB, policy).filter((line) => line.endsWith('> web: all') || line.includes('> web')),
    ['outside 198.51.100.0/25, 203.0.113.0/24 > web: all'],
  );
  const six = WEB.replace('"10.0.0.1"', '"2001:db8::1"');
  assert.deepEqual(
    matrix(six, policy).filter((line) => line.includes('> web')),
    ['outside 2001:db8::/32 > web: TCP 443'],
  );
  assert.deepEqual(matrix(six), ['web > outside ::/0: all', 'outside ::/0 > web: all']);
});

test('blocks of a CiliumCIDRGroup and the API server’s addresses cut it too', () => {
  const group =
    '{kind: CiliumCIDRGroup, apiVersion: cilium.io/v2, metadata: {name: office}, spec: {externalCIDRs: [198.51.100.0/24]}}';
  const policy = `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: {namespace: shop, name: web}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
    - toCIDRSet: [{cidrGroupRef: office}]
    - toEntities: [kube-apiserver]
      toPorts: [{ports: [{port: "6443", protocol: TCP}]}]`;
  const apiServer = `
{kind: Service, apiVersion: v1, metadata: {namespace: default, name: kubernetes}, spec: {clusterIP: 10.96.0.1, ports: [{port: 443}]}}
---
{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: default, name: kubernetes, labels: {kubernetes.io/service-name: kubernetes}}, ports: [{port: 6443}], endpoints: [{addresses: [203.0.113.7]}]}`;
  assert.deepEqual(fromWeb(WEB, group, policy, apiServer), [
    'web > outside 198.51.100.0/24: all',
    'web > outside 203.0.113.7/32: TCP 6443',
  ]);
});

const TO_SERVICE = `
kind: NetworkPolicy
apiVersion: projectcalico.org/v3
metadata: {namespace: shop, name: web}
spec:
  selector: app == "web"
  types: [Egress]
  egress: [{action: Allow, destination: {services: {name: db}}}]`;
const SERVICE = (target: number | string) =>
  `{kind: Service, apiVersion: v1, metadata: {namespace: shop, name: db}, spec: {clusterIP: 10.96.0.1, selector: {app: db}, ports: [{port: 80, targetPort: ${target}}]}}`;

test('a service is open at the ports on which its pods serve it', () => {
  assert.deepEqual(fromWeb(TWO_PODS, TO_SERVICE, SERVICE(8080)), ['web > db: TCP 8080']);
  assert.deepEqual(fromWeb(TWO_PODS, TO_SERVICE, SERVICE('pg')), ['web > db: TCP 5432']);
  // Of one workload, pods in which the name means another port are rows of their own.
  const pod = (name: string, address: string, port: number) =>
    ownedYaml('Pod', name, 'StatefulSet/db', 'app: db', `podIP: ${address}`).replace(
      ', status:',
      `, spec: {containers: [{name: main, ports: [{name: pg, containerPort: ${port}}]}]}, status:`,
    );
  assert.deepEqual(
    fromWeb(WEB, pod('db-1', '10.0.0.3', 1), pod('db-2', '10.0.0.4', 2), TO_SERVICE, SERVICE('pg')),
    ['web > db (db-1): TCP 1', 'web > db (db-2): TCP 2'],
  );
});

test('a backend of a service that is no pod cuts the outside', () => {
  const slice =
    '{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {namespace: shop, name: db-1, labels: {kubernetes.io/service-name: db}}, ports: [{port: 5432}], endpoints: [{addresses: [203.0.113.7]}, {addresses: [10.0.0.2]}]}';
  assert.deepEqual(fromWeb(TWO_PODS, TO_SERVICE, SERVICE(5432), slice), [
    'web > db: TCP 5432',
    'web > outside 203.0.113.7/32: TCP 5432',
  ]);
});

test('an address that a pod has does not stand for the outside, and a block of nothing else is none of it', () => {
  for (const cidr of ['10.0.0.2/31', '10.0.0.2/32']) {
    const block = ingressYaml('none', `{from: [{ipBlock: {cidr: ${cidr}}}]}`);
    assert.deepEqual(fromWeb(TWO_PODS, TO_SERVICE, SERVICE(5432), block), ['web > db: TCP 5432']);
  }
  const node =
    '{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}';
  const toNode = policyYaml(
    'node',
    'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: 192.168.0.1/32}}]}]',
  );
  assert.deepEqual(fromWeb(WEB, node, toNode), ['web > outside 192.168.0.1/32: all']);
});

test('ports that a rule leaves out cut the others', () => {
  const policy = `
kind: NetworkPolicy
apiVersion: projectcalico.org/v3
metadata: {namespace: shop, name: web}
spec:
  selector: app == "web"
  types: [Egress]
  egress: [{action: Allow, protocol: TCP, destination: {notPorts: [22, "8000:8010"]}}]`;
  assert.deepEqual(
    matrix(TWO_PODS, policy).filter((line) => line.startsWith('web > db')),
    ['web > db: TCP 1-21, 23-7999, 8011-65535'],
  );
});

test('pods of a workload are one row, and two where policies do not treat them alike', () => {
  const pods = (second: string) =>
    [
      ownedYaml('Pod', 'web-1', 'ReplicaSet/web-a', 'app: web', 'podIP: 10.0.0.1'),
      ownedYaml('Pod', 'web-2', 'ReplicaSet/web-a', second, 'podIP: 10.0.0.3'),
      ownedYaml('ReplicaSet', 'web-a', 'Deployment/web'),
      DB,
    ].join('\n---\n');
  const policy = ingressYaml('db', '{from: [{podSelector: {matchLabels: {app: web}}}]}');
  const allToDb = (yaml: string) =>
    pairsIn(timelineOf([yaml, policy])).filter((line) => line.includes('> db'));
  assert.deepEqual(allToDb(pods('app: web, version: two')), [
    'web > db: all',
    'outside 0.0.0.0/0 > db: none',
  ]);
  assert.deepEqual(allToDb(pods('app: wbe')), [
    'web (web-1) > db: all',
    'web (web-2) > db: none',
    'outside 0.0.0.0/0 > db: none',
  ]);
  assert.deepEqual(notesOn(pods('app: wbe'), policy), [
    'Policies do not treat all pods of shop/web alike: it has several rows.',
  ]);
  // Of two pods, one may open connections to the other.
  assert.ok(pairsIn(timelineOf([pods('app: web')])).includes('web > web: all'));
  assert.ok(!pairsIn(timelineOf([WEB])).some((line) => line.startsWith('web > web')));
});

test('rows of many pods name a few of them', () => {
  const pod = (i: number, labels: string) =>
    ownedYaml('Pod', `web-${i}`, 'StatefulSet/web', labels, `podIP: 10.0.0.${i}`);
  const yaml = [1, 2, 3, 4, 5].map((i) => pod(i, i < 5 ? 'app: web' : 'app: x')).join('\n---\n');
  const policy = policyYaml('web', 'podSelector: {matchLabels: {app: web}}');
  assert.deepEqual(
    matrix(yaml, policy).filter((line) => line.startsWith('outside')),
    ['outside 0.0.0.0/0 > web (web-5): all'],
  );
  assert.ok(
    pairsIn(timelineOf([yaml, policy])).includes('outside 0.0.0.0/0 > web (web-1, web-2, 2 more): none'),
  );
});

test('three pods are all named', () => {
  const pod = (i: number, app: string) =>
    ownedYaml('Pod', `web-${i}`, 'StatefulSet/web', `app: ${app}`, `podIP: 10.0.0.${i}`);
  const yaml = [pod(1, 'web'), pod(2, 'web'), pod(3, 'web'), pod(4, 'x')].join('\n---\n');
  const policy = policyYaml('web', 'podSelector: {matchLabels: {app: web}}');
  assert.ok(
    pairsIn(timelineOf([yaml, policy])).includes('outside 0.0.0.0/0 > web (web-1, web-2, web-3): none'),
  );
});

test('pods whose port of a name has another number are apart, if a policy goes by the name', () => {
  const pod = (name: string, ip: string, port: number) =>
    `${ownedYaml('Pod', name, 'StatefulSet/db', 'app: db', `podIP: ${ip}`).replace(
      'status:',
      `spec: {containers: [{ports: [{name: pg, containerPort: ${port}}]}]}, status:`,
    )}`;
  const yaml = `${pod('db-0', '10.0.0.2', 5432)}\n---\n${pod('db-1', '10.0.0.3', 5433)}`;
  const policy = (port: string) => ingressYaml('db', `{ports: [{port: ${port}}]}`);
  const fromOutside = (port: string) =>
    matrix(yaml, policy(port)).filter((line) => line.startsWith('outside'));
  assert.deepEqual(fromOutside('pg'), [
    'outside 0.0.0.0/0 > db (db-0): TCP 5432',
    'outside 0.0.0.0/0 > db (db-1): TCP 5433',
  ]);
  assert.deepEqual(fromOutside('5432'), ['outside 0.0.0.0/0 > db: TCP 5432']);
});

test('a pod of two families has a row for each where they are treated differently', () => {
  const both = WEB.replace('podIPs: [{ip: "10.0.0.1"}]', 'podIPs: [{ip: "10.0.0.1"}, {ip: "2001:db8::1"}]');
  const policy = ingressYaml('db', '{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}');
  const db = DB.replace('podIPs: [{ip: "10.0.0.2"}]', 'podIPs: [{ip: "10.0.1.2"}, {ip: "2001:db8::2"}]');
  assert.deepEqual(
    pairsIn(timelineOf([both, db, policy])).filter((line) => line.startsWith('web') && line.includes('> db')),
    ['web (IPv4) > db: all', 'web (IPv6) > db: none'],
  );
  assert.deepEqual(fromWeb(both), ['web > outside 0.0.0.0/0, ::/0: all']);
});

test('templates stand for workloads without pods, and pods that have ended for nobody', () => {
  const ended = ownedYaml('Pod', 'job-1', 'Job/job', 'app: job', 'phase: Succeeded').replace(
    'status:',
    'spec: {nodeName: n1}, status:',
  );
  const waiting = ownedYaml('Pod', 'web-2', 'Deployment/web', 'app: web').replace(
    'status:',
    'spec: {}, status:',
  );
  const running = ownedYaml('Pod', 'web-1', 'Deployment/web', 'app: web', 'podIP: 10.0.0.1');
  assert.deepEqual(matrix(ended, workloadYaml('api', 'app: api')), [
    'api > outside 0.0.0.0/0: all',
    'outside 0.0.0.0/0 > api: all',
  ]);
  const podsOf = (...yaml: string[]) => {
    const timeline = timelineOf(yaml);
    return endsOf(timeline, timeline.at(0n)).flatMap((end) => (end.kind === 'workload' ? end.pods : []));
  };
  assert.deepEqual(podsOf(running, waiting), ['web-1']);
  assert.deepEqual(podsOf(waiting), ['web-2']);
  assert.deepEqual(podsOf(workloadYaml('api', 'app: api')), []);
});

test('what shares its node’s network is left out and named', () => {
  const agent = podYaml('shop/agent', '192.168.0.1', 'app: agent', '', ', hostNetwork: true');
  const template = workloadYaml('proxy', 'app: proxy', '', 'DaemonSet', ', hostNetwork: true');
  assert.deepEqual(matrix(WEB, agent, template), matrix(WEB));
  assert.deepEqual(notesOn(WEB, template, agent, agent.replaceAll('agent', 'other')), [
    "On their nodes' network, where no policy selects them: shop/agent, shop/other, shop/proxy.",
  ]);
});

test('two kinds of one name carry their kind', () => {
  const yaml = `${workloadYaml('web', 'app: web')}\n---\n${workloadYaml('web', 'app: web', '', 'StatefulSet')}`;
  assert.deepEqual(
    matrix(yaml).map((line) => line.split(' > ')[0]),
    [
      'web[Deployment]',
      'web[Deployment]',
      'web[StatefulSet]',
      'web[StatefulSet]',
      'outside 0.0.0.0/0',
      'outside 0.0.0.0/0',
    ],
  );
});

const NODES = [
  '{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {addresses: [{address: 192.168.0.1}, {address: n1.local}]}}',
  '{kind: Node, apiVersion: v1, metadata: {name: n2}, status: {addresses: [{address: 192.168.0.2}]}}',
].join('\n---\n');

test('nodes have a row only where a policy means nodes, and stand for others than the pod’s own', () => {
  const policy = (peers: string) => `
kind: AdminNetworkPolicy
apiVersion: policy.networking.k8s.io/v1alpha1
metadata: {name: guard}
spec:
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Deny, to: [${peers}]}]`;
  assert.deepEqual(fromWeb(NODES, WEB, policy('{networks: [192.168.0.0/24]}')), [
    'web > outside 0.0.0.0/0 except 192.168.0.0/24: all',
  ]);
  assert.deepEqual(fromWeb(NODES, WEB, policy('{nodes: {}}')), ['web > outside 0.0.0.0/0: all']);
  assert.ok(pairsIn(timelineOf([NODES, WEB, policy('{nodes: {}}')])).includes('web > nodes n1, n2: none'));
  assert.deepEqual(notesOn(NODES, WEB, policy('{nodes: {}}')), [
    "Nodes stand for other nodes than a pod's own.",
  ]);
  const isolated = policyYaml('web', 'podSelector: {}\npolicyTypes: [Egress]');
  const pairs = (yaml: string) =>
    pairsIn(timelineOf([yaml, WEB, isolated, policy('{nodes: {}}').replace('Deny', 'Pass')]));
  // To its own node a NetworkPolicy does not keep it from talking.
  assert.ok(pairs(NODES).includes('web > nodes n1, n2: none'));
  assert.ok(pairs(NODES.split('\n---\n')[0] ?? '').includes('web > node n1: all'));
});

test('nodes have no row where policies name pods alone', () => {
  const policy = policyYaml('web', 'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]');
  assert.deepEqual(
    pairsIn(timelineOf([NODES, WEB, policy])).filter((line) => line.includes('node')),
    [],
  );
});

test('what cannot be judged is neither allowed nor denied', () => {
  const policy = `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: {namespace: shop, name: db}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress:
    - fromEndpoints: [{matchLabels: {app: web}}]
      toPorts: [{ports: [{port: "5432", protocol: TCP}]}, {ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]`;
  const [line, ...others] = toDb(TWO_PODS, policy);
  assert.match(line ?? '', /^web > db: TCP 5432; unknown: TCP 80 \(.+\)$/);
  assert.deepEqual(others, []);
});

test('before the first list nothing can be judged, and the notes say so', () => {
  const timeline = new ClusterTimeline([...rowsOf(WEB), ...marks(5n)]);
  assert.deepEqual(
    pairsIn(timeline).map((line) => line.replace(/ \(.*/, '')),
    ['web > outside 0.0.0.0/0: none; unknown: all', 'outside 0.0.0.0/0 > web: none; unknown: all'],
  );
  const state = timeline.at(0n);
  assert.deepEqual(matrixNotes(timeline, state, []), [
    'The cluster is not wholly known: Pod objects are known only from 1970-01-01T00:00:00.000000005Z on.',
    'The cluster is not wholly known: Namespace objects are known only from 1970-01-01T00:00:00.000000005Z on.',
    'The cluster is not wholly known: Node objects are known only from 1970-01-01T00:00:00.000000005Z on.',
    'The cluster is not wholly known: NetworkPolicy objects are known only from 1970-01-01T00:00:00.000000005Z on.',
  ]);
});

test('clauses of Calico look at both ends, and its ports under negations cut too', () => {
  const policy = `
kind: NetworkPolicy
apiVersion: projectcalico.org/v3
metadata: {namespace: shop, name: db}
spec:
  selector: app == 'db'
  types: [Ingress]
  ingress:
    - action: Allow
      protocol: TCP
      source: {notSelector: app == 'api'}
      destination: {notPorts: [22]}`;
  const api = podYaml('shop/api', '10.0.0.3', 'app: api');
  assert.deepEqual(
    matrix(TWO_PODS, api, policy).filter((line) => line.includes('> db') && !line.startsWith('outside')),
    ['web > db: TCP 1-21, 23-65535'],
  );
});
