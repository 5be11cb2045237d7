import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { observe } from '../../../src/kubernetes/observation.js';
import { ClusterTimeline } from '../../../src/policy/history/timeline.js';
import { Evaluator } from '../../../src/policy/verdict/evaluator.js';
import type { DirectionVerdict } from '../../../src/policy/verdict/verdict.js';
import { marks } from './cluster.js';
import { cluster } from './naive/generate/cluster.js';
import { choice, connectionOf } from './naive/generate/connection.js';

const seed = Number(process.env.KTAPE_NAIVE_SEED ?? Date.now() % 1_000_000_007);

test(`an evaluator that has judged others says of a connection what a new one says, seed ${seed}`, () => {
  fc.assert(
    fc.property(
      cluster,
      fc.array(choice, { minLength: 2, maxLength: 30, size: 'max' }),
      (objects, choices) => {
        const rows = objects.flatMap((object) => {
          const seen = observe({ ...object }, 'listed', 0n);
          return 'row' in seen ? [seen.row] : [];
        });
        const state = new ClusterTimeline([...rows, ...marks()]).at(0n);
        const experienced = new Evaluator(state);
        for (const chosen of choices) {
          const { source, destination, ...rest } = connectionOf(objects, chosen);
          const connection = {
            source: state.endpointAt(source),
            destination: state.endpointAt(destination),
            ...rest,
          };
          const [one, other] = [experienced, new Evaluator(state)].map((evaluator) => {
            const told = (direction: DirectionVerdict) => ({
              verdict: direction.verdict,
              otherwise: direction.otherwise,
              reasons: evaluator
                .explain(direction)
                .map(({ policy, effect, rule, why }) => [policy, effect, rule, why]),
            });
            const { egress, ingress } = evaluator.evaluate(connection);
            return { egress: told(egress), ingress: told(ingress) };
          });
          assert.deepEqual(one, other);
        }
      },
    ),
    { seed, numRuns: 150 },
  );
});
