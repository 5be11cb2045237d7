import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WATCHED_KINDS } from '../../../../src/kubernetes/kinds.js';
import { type KubernetesObjectRow, listMark, observe } from '../../../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../../../src/policy/history/timeline.js';
import type { Explained } from '../../../../src/policy/verdict/explain.js';
import type { DirectionVerdict } from '../../../../src/policy/verdict/verdict.js';
import { ShareKey } from '../../../../src/share/key.js';
import { cluster } from '../../policy/naive/generate/cluster.js';
import { choice, connectionOf } from '../../policy/naive/generate/connection.js';
import type { KubernetesObject } from '../../policy/naive/objects.js';
import type { Connection } from '../../policy/naive/question.js';
import { redactorOf } from './redacted.js';

const CLUSTERS = Number(process.env.KTAPE_SHARE_CLUSTERS ?? 300);
const CONNECTIONS = { minLength: 1, maxLength: 30, size: 'max' } as const;
const seed = Number(process.env.KTAPE_SHARE_SEED ?? Date.now() % 1_000_000_007);

test(`policies decide the same over redacted objects, seed ${seed}`, (t) => {
  const counts = new Map<string, number>();
  const property = fc.property(
    cluster,
    fc.array(choice, CONNECTIONS),
    fc.nat(),
    (generated, choices, keySeed) => {
      const objects = withOwnNames(generated);
      const key = ShareKey.parse(keySeed.toString(16).padStart(64, '0'), 'key');
      if (shareAPlace(objects)) return tally(counts, `clusters passed over: ${SHARED_PLACE}`);
      const { rows, words } = redacted(objects, key);
      const name = (text: string) => words.name(text);
      const original = new Judge(rowsOf(objects.map((object) => named(object, name))));
      const shared = new Judge(rows);
      for (const chosen of choices) {
        const connection = connectionOf(objects, chosen);
        const { source, destination } = connection;
        const renamed = {
          ...connection,
          source: words.address(source),
          destination: words.address(destination),
        };
        const expected = original.judge(connection, name);
        assert.deepEqual(
          shared.judge(renamed, (text) => text),
          expected,
        );
        count(counts, objects, expected);
      }
    },
  );
  fc.assert(property, { seed, numRuns: CLUSTERS });
  for (const [what, count] of [...counts].sort()) t.diagnostic(`${String(count).padStart(8)} ${what}`);
  const never = DECIDED.filter((what) => !counts.has(what));
  assert.deepEqual(never, [], 'what never came up');
});

const DECIDED = ['calico', 'cilium', 'kubernetes'].flatMap((plane) => [
  `${plane}: allowed by policies`,
  `${plane}: denied by policies`,
  `${plane}: unknown by policies`,
]);

const SHARED_PLACE =
  'several policies of Calico share a place with those of Kubernetes, and their names part them';

/** The one case in which Calico's order does not survive, see RedactedOrders. */
function shareAPlace(objects: readonly KubernetesObject[]): boolean {
  const there = objects.filter(
    (object) =>
      object.apiVersion === 'projectcalico.org/v3' &&
      object.kind.endsWith('NetworkPolicy') &&
      'order' in object.spec &&
      object.spec.order === 1000,
  );
  return there.length > 1 && objects.some(({ apiVersion }) => apiVersion === 'networking.k8s.io/v1');
}

function redacted(objects: readonly KubernetesObject[], key: ShareKey) {
  const rows = rowsOf(objects);
  const { words, redactor } = redactorOf(
    rows.map(({ object }) => object ?? ''),
    key,
  );
  const name = (text: string | null) => text && words.name(text);
  return {
    words,
    rows: rows.map(
      (row): KubernetesObjectRow => ({
        ...row,
        namespace: name(row.namespace),
        name: name(row.name),
        uid: name(row.uid),
        object: row.object && redactor.redact(row.object),
      }),
    ),
  };
}

/** The generator's names of ports, and some values, are published words, which would stay. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  http: 'grpc-pay',
  dns: 'ledger',
  db: 'qxdb',
  web: 'acme-web',
};

function withOwnNames(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return JSON.parse(JSON.stringify(objects), (_, value) => OWN_NAMES[value] ?? value);
}

/**
 * Of policies that are one set, which is named as the one that allows goes by their names. Those of Kubernetes and Cilium,
 * to which names mean nothing else, get theirs beforehand; Calico's order must survive by itself.
 */
function named(object: KubernetesObject, name: (text: string) => string): KubernetesObject {
  if (!isUnordered(object.apiVersion) || !object.kind.endsWith('NetworkPolicy')) return object;
  return {
    ...object,
    metadata: { ...object.metadata, name: name(object.metadata.name) },
  } as KubernetesObject;
}

function isUnordered(apiVersion: string): boolean {
  return /^(networking\.k8s|policy\.networking\.k8s|cilium)\.io\//.test(apiVersion);
}

function rowsOf(objects: readonly KubernetesObject[]): KubernetesObjectRow[] {
  return objects.map((object) => {
    const observation = observe({ ...object }, 'listed', 0n);
    assert('row' in observation);
    return observation.row;
  });
}

/** What decides a connection, with the names in it as they are in redacted objects. */
class Judge {
  private readonly timeline: ClusterTimeline;

  constructor(rows: readonly KubernetesObjectRow[]) {
    const marks = WATCHED_KINDS.map(({ kind, apiVersion }) => listMark(kind, apiVersion, null, 0n));
    this.timeline = new ClusterTimeline([...rows, ...marks]);
  }

  judge({ source, destination, ...rest }: Connection, rename: (name: string) => string) {
    const state = this.timeline.at(0n);
    const evaluator = this.timeline.evaluatorAt(0n);
    const part = ({ policy, effect, rule }: Pick<Explained, 'policy' | 'effect' | 'rule'>) => {
      const name = isUnordered(policy.apiVersion) ? policy.name : rename(policy.name);
      const namespace = policy.namespace && rename(policy.namespace);
      return `${policy.kind} ${namespace}/${name} ${effect} ${rule?.label}`;
    };
    const said = (direction: DirectionVerdict) => ({
      verdict: direction.verdict,
      decisions: direction.decisions.map(part),
      // The nearest rule of each policy that isolates the pod, and the nearest policy first.
      reasons: evaluator.explain(direction).map(part),
    });
    const { egress, ingress } = evaluator.evaluate({
      source: state.endpointAt(source),
      destination: state.endpointAt(destination),
      ...rest,
    });
    return { egress: said(egress), ingress: said(ingress) };
  }
}

function count(
  counts: Map<string, number>,
  objects: readonly KubernetesObject[],
  { egress, ingress }: ReturnType<Judge['judge']>,
): void {
  const plane = /cilium|calico/.exec(objects.map(({ apiVersion }) => apiVersion).join())?.[0] ?? 'kubernetes';
  for (const { verdict, decisions } of [egress, ingress]) {
    tally(counts, `${plane}: ${verdict} by ${decisions.length === 0 ? 'default' : 'policies'}`);
  }
}

function tally(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
