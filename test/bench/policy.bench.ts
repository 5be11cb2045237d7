import assert from 'node:assert/strict';
import { observe } from '../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../src/policy/history/timeline.js';
import { Evaluator } from '../../src/policy/verdict/evaluator.js';
import { marks } from '../src/policy/cluster.js';
import { evaluateNaively } from '../src/policy/naive/evaluate.js';

// Judges a million distinct connections between a thousand pods and outside addresses under a thousand policies, half
// of which have ipBlocks, with the reasons: who decides, by which rule, or which rule came nearest; and once more with
// these put in words. The connections' ends come as addresses. Prints a JSON line each: connections for each second of
// processor time, and how many times that of the tests' naive evaluator, which must deny as many of a sample.

const NAMESPACES = 20;
const PODS = 50;
const POLICIES = 50;
const APPS = 10;
const CONNECTIONS = 1_000_000;
const NAIVE_SAMPLE = 500;
const PORTS = [80, 443, 5432, 6379, 8080, 9090];

const app = (n: number) => `app-${n % APPS}`;
const podAddress = (namespace: number, n: number) => `10.${namespace}.0.${n + 1}`;
const block = (n: number) => ({
  cidr: `172.${16 + (n % 16)}.0.0/16`,
  except: [`172.${16 + (n % 16)}.128.0/17`],
});

function pod(namespace: number, n: number) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: `ns-${namespace}`,
      name: `pod-${n}`,
      labels: { app: app(n), tier: n % 2 ? 'back' : 'front' },
    },
    spec: {
      nodeName: 'node',
      containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }],
    },
    status: { phase: 'Running', podIPs: [{ ip: podAddress(namespace, n) }] },
  };
}

/** Every other policy has ipBlocks; every fourth is about egress. */
function policy(namespace: number, n: number) {
  const direction = n % 4 === 3 ? 'egress' : 'ingress';
  const peers = direction === 'egress' ? 'to' : 'from';
  const pods = { podSelector: { matchLabels: { app: app(n + 1) } } };
  const others = {
    namespaceSelector: { matchLabels: { team: `team-${n % 4}` } },
    podSelector: { matchLabels: { tier: 'front' } },
  };
  const ports = [{ port: PORTS[n % PORTS.length] }, { port: 'http' }];
  const rules = [
    { [peers]: [pods, others], ports },
    {
      [peers]: n % 2 ? [{ ipBlock: block(n) }, { ipBlock: { cidr: '192.0.2.0/24' } }] : [pods],
      ports: [{ port: 80, endPort: 443 }],
    },
  ];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: `ns-${namespace}`, name: `policy-${n}` },
    spec: {
      podSelector: { matchLabels: { app: app(n) } },
      policyTypes: [direction === 'egress' ? 'Egress' : 'Ingress'],
      [direction]: rules,
    },
  };
}

function objectsOfCluster(): object[] {
  const objects: object[] = [];
  for (let namespace = 0; namespace < NAMESPACES; namespace++) {
    const labels = { team: `team-${namespace % 4}` };
    objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `ns-${namespace}`, labels } });
    for (let n = 0; n < PODS; n++) objects.push(pod(namespace, n));
    for (let n = 0; n < POLICIES; n++) objects.push(policy(namespace, n));
  }
  return objects;
}

function cluster(): ClusterTimeline {
  const rows = objectsOfCluster().flatMap((object) => {
    const seen = observe(object as never, 'listed', 0n);
    return 'row' in seen ? [seen.row] : [];
  });
  return new ClusterTimeline([...rows, ...marks()]);
}

/** Numbers from 0 up to `below`, the same in each run. */
function numbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Question {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

/**
 * Distinct connections: seven in sixteen from addresses that some policy's block lets in, the rest between any two pods,
 * most of whom are isolated from each other. So half of all are denied.
 */
function questions(): Question[] {
  const draw = numbers();
  const withBlocks = Array.from({ length: POLICIES }, (_, n) => n).filter((n) => n % 4 === 1);
  const seen = new Set<string>();
  const all: Question[] = [];
  while (all.length < CONNECTIONS) {
    const namespace = draw(NAMESPACES);
    const isMeant = draw(16) < 7;
    const n = isMeant ? (withBlocks[draw(withBlocks.length)] ?? 0) : draw(PODS);
    const source = isMeant
      ? `172.${16 + (n % 16)}.${draw(128)}.${draw(256)}`
      : podAddress(draw(NAMESPACES), draw(PODS));
    const destination = podAddress(namespace, isMeant ? (n + APPS * draw(PODS / APPS)) % PODS : n);
    const port = isMeant ? 80 + draw(2) * 363 : (PORTS[draw(PORTS.length)] ?? 0);
    const key = `${source} ${destination} ${port}`;
    if (source === destination || seen.has(key)) continue;
    seen.add(key);
    all.push({ source, destination, port });
  }
  return all;
}

interface Measured {
  /** Connections for each second of processor time. */
  readonly rate: number;
  readonly denied: number;
  /** Characters of reasons. */
  readonly words: number;
}

/** Judges the connections: who decides each, by which rule, or which rule came nearest; in words where asked for. */
function judged(asked: readonly Question[], timeline: ClusterTimeline, inWords: boolean): Measured {
  const state = timeline.at(0n);
  const evaluator = new Evaluator(state);
  let [denied, words] = [0, 0];
  const before = process.cpuUsage();
  for (const { source, destination, port } of asked) {
    const verdict = evaluator.evaluate({
      source: state.endpointAt(source),
      destination: state.endpointAt(destination),
      protocol: 'TCP',
      sourcePort: null,
      destinationPort: port,
    });
    if (verdict.verdict === 'denied') denied++;
    for (const direction of [verdict.egress, verdict.ingress]) {
      for (const reason of evaluator.explain(direction)) words += inWords ? reason.why.length : 0;
    }
  }
  return { rate: rateSince(before, asked.length), denied, words };
}

function judgedNaively(asked: readonly Question[]): Measured {
  const objects = objectsOfCluster() as unknown as Parameters<typeof evaluateNaively>[0];
  let denied = 0;
  const before = process.cpuUsage();
  for (const { source, destination, port } of asked) {
    const { egress, ingress } = evaluateNaively(objects, {
      source,
      destination,
      protocol: 'TCP',
      sourcePort: null,
      destinationPort: port,
    });
    if (egress === 'denied' || ingress === 'denied') denied++;
  }
  return { rate: rateSince(before, asked.length), denied, words: 0 };
}

function rateSince(before: NodeJS.CpuUsage, count: number): number {
  const { user, system } = process.cpuUsage(before);
  return (count * 1e6) / (user + system);
}

function print(name: string, { rate }: Measured, naive: Measured): void {
  const ratio = Math.round(rate / naive.rate);
  const against = 'the naive evaluator of the tests';
  console.log(JSON.stringify({ name, value: Math.round(rate), unit: 'connections/s', ratio, against }));
}

const asked = questions();
const sample = asked.slice(0, NAIVE_SAMPLE);
const naive = judgedNaively(sample);
const plain = judged(asked, cluster(), false);
const worded = judged(asked, cluster(), true);
assert.equal(judged(sample, cluster(), false).denied, naive.denied);
console.error(
  `${asked.length} connections, ${((100 * plain.denied) / asked.length).toFixed(1)} % denied, ` +
    `in words ${(worded.words / asked.length).toFixed(0)} characters each`,
);
print('policy.explain', plain, naive);
print('policy.explain_in_words', worded, naive);
