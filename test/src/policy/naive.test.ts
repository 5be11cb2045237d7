import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { WATCHED_KINDS } from '../../../src/kubernetes/kinds.js';
import { listMark, observe } from '../../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../../src/policy/history/timeline.js';
import { branchCounts } from './naive/branches.js';
import { evaluateNaively, type Verdict } from './naive/evaluate.js';
import { cluster } from './naive/generate/cluster.js';
import { type Choice, choice, connectionOf } from './naive/generate/connection.js';
import type { KubernetesObject } from './naive/objects.js';
import type { Connection } from './naive/question.js';

const CLUSTERS = Number(process.env.KTAPE_NAIVE_CLUSTERS ?? 600);
const MAX_CONNECTIONS = 30;
const seed = Number(process.env.KTAPE_NAIVE_SEED ?? Date.now() % 1_000_000_007);

type Verdicts = Readonly<Record<'egress' | 'ingress', Verdict>>;

test(`src/policy says what a naive evaluator says, seed ${seed}`, (t) => {
  const said: Record<Verdict, number> = { allowed: 0, denied: 0, unknown: 0 };
  const property = fc.property(
    cluster,
    fc.array(choice, { minLength: 1, maxLength: MAX_CONNECTIONS, size: 'max' }),
    (objects, choices) => {
      const evaluate = evaluatorOf(objects);
      for (const chosen of choices) {
        const connection = connectionOf(objects, chosen);
        const expected = evaluateNaively(objects, connection);
        said[worse(expected)]++;
        assert.deepEqual(evaluate(connection), expected);
      }
    },
  );
  const { counterexample } = fc.check(property, { seed, numRuns: CLUSTERS });
  if (counterexample !== null) assert.fail(disagreement(...counterexample));
  t.diagnostic(`verdicts: ${JSON.stringify(said)}`);
  const branches = branchCounts();
  for (const [branch, count] of branches) t.diagnostic(`${String(count).padStart(8)} ${branch}`);
  const never = branches.filter(([, count]) => count === 0).map(([branch]) => branch);
  assert.deepEqual(never, [], 'branches of the naive evaluator that never ran');
});

function evaluatorOf(objects: readonly KubernetesObject[]): (connection: Connection) => Verdicts {
  const rows = objects.map((object) => {
    const observation = observe({ ...object }, 'listed', 0n);
    assert('row' in observation);
    return observation.row;
  });
  const marks = WATCHED_KINDS.map(({ kind, apiVersion }) => listMark(kind, apiVersion, null, 0n));
  const timeline = new ClusterTimeline([...rows, ...marks]);
  const state = timeline.at(0n);
  const evaluator = timeline.evaluatorAt(0n);
  return ({ source, destination, ...rest }) => {
    const { egress, ingress } = evaluator.evaluate({
      source: state.endpointAt(source),
      destination: state.endpointAt(destination),
      ...rest,
    });
    return { egress: egress.verdict, ingress: ingress.verdict };
  };
}

function worse({ egress, ingress }: Verdicts): Verdict {
  if (egress === 'denied' || ingress === 'denied') return 'denied';
  return egress === 'unknown' || ingress === 'unknown' ? 'unknown' : 'allowed';
}

/** The first connection of a cluster on which the two disagree, with everything that it takes to see why. */
function disagreement(objects: readonly KubernetesObject[], choices: readonly Choice[]): string {
  const evaluate = evaluatorOf(objects);
  const yaml = objects.map((object) => stringify(object)).join('---\n');
  for (const chosen of choices) {
    const connection = connectionOf(objects, chosen);
    const [expected, actual] = [evaluateNaively(objects, connection), evaluate(connection)];
    if (!isDeepStrictEqual(expected, actual))
      return `${yaml}\nconnection ${JSON.stringify(connection)}\nnaive      ${JSON.stringify(expected)}\nsrc/policy ${JSON.stringify(actual)}`;
  }
  return yaml;
}
