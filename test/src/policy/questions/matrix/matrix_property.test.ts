import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { observe } from '../../../../../src/kubernetes/observation.js';
import type { Endpoint } from '../../../../../src/policy/cluster/endpoint.js';
import { ClusterTimeline } from '../../../../../src/policy/history/timeline.js';
import type { ConnectionSet } from '../../../../../src/policy/questions/matrix/connection_set.js';
import { endsOf, type MatrixEnd } from '../../../../../src/policy/questions/matrix/ends.js';
import { Matrix, type MatrixPair } from '../../../../../src/policy/questions/matrix/matrix.js';
import { marks } from '../../cluster.js';
import { cluster } from '../../naive/generate/cluster.js';
import { choice, connectionOf } from '../../naive/generate/connection.js';
import type { KubernetesObject } from '../../naive/objects.js';

const CLUSTERS = Number(process.env.KTAPE_MATRIX_CLUSTERS ?? 200);
const seed = Number(process.env.KTAPE_MATRIX_SEED ?? Date.now() % 1_000_000_007);

test(`every connection is in the matrix as it is judged alone, seed ${seed}`, (t) => {
  const told = { allowed: 0, denied: 0, unknown: 0 };
  const property = fc.property(
    cluster,
    fc.array(choice, { minLength: 20, maxLength: 40 }),
    (objects, choices) => {
      const timeline = timelineOf(objects);
      const state = timeline.at(0n);
      const ends = endsOf(timeline, state);
      const pairs = new Matrix(state, ends).pairs();
      for (const chosen of choices) {
        const { source, destination, protocol, destinationPort } = connectionOf(objects, chosen);
        if (destinationPort === null) continue;
        const [from, to] = [state.endpointAt(source), state.endpointAt(destination)];
        const pair = pairs.find((one) => isAmong(from, one.source) && isAmong(to, one.destination));
        if (pair === undefined) continue;
        const { verdict } = timeline
          .evaluatorAt(0n)
          .evaluate({ source: from, destination: to, protocol, sourcePort: null, destinationPort });
        const inMatrix = verdictIn(pair, protocol, destinationPort);
        told[verdict]++;
        assert.equal(inMatrix, verdict, `${source} > ${destination} ${protocol} ${destinationPort}`);
      }
    },
  );
  fc.assert(property, { seed, numRuns: CLUSTERS });
  t.diagnostic(JSON.stringify(told));
  assert.ok(Object.values(told).every((count) => count > 0));
});

function timelineOf(objects: readonly KubernetesObject[]): ClusterTimeline {
  const rows = objects.flatMap((object) => {
    const observation = observe({ ...object }, 'listed', 0n);
    return 'row' in observation ? observation.row : [];
  });
  return new ClusterTimeline([...rows, ...marks()]);
}

/** Whether a row is the endpoint's; nodes and what is not known have none that says of their own node. */
function isAmong(endpoint: Endpoint, end: MatrixEnd): boolean {
  if (end.kind === 'workload') return end.endpoints.some(({ address }) => address === endpoint.address);
  if (end.kind === 'nodes' || endpoint.kind !== 'external') return false;
  const number = endpoint.ip.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return end.ranges.some(
    ({ family, first, last }) => family === endpoint.ip.length && first <= number && number <= last,
  );
}

function verdictIn({ allowed, unknown }: MatrixPair, protocol: string, port: number) {
  const has = ({ spans }: ConnectionSet) =>
    spans.some((span) => span.protocol === protocol && span.from <= port && port <= span.to);
  return has(allowed) ? 'allowed' : has(unknown) ? 'unknown' : 'denied';
}
