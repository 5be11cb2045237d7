import type { Connection, Endpoint } from '../cluster/endpoint.js';
import type { ClusterState } from '../rules/cluster_state.js';
import type { Direction } from '../rules/policy.js';
import type { ConnectionVerdict, Verdict } from '../verdict/verdict.js';
import { type Change, changesBearingOn } from './changes.js';
import type { ClusterTimeline } from './timeline.js';

/** A connection as it was judged at a time. */
export interface PastEvaluation {
  readonly evaluation: ConnectionVerdict;
  /** With both ends as they were then. */
  readonly connection: Connection;
}

/** The change to tell people about, and the verdict that held before it. */
export interface TurningPoint {
  readonly change: Change;
  readonly before: Verdict;
}

/** Judges a connection between the same pods as of a time, nanoseconds since the epoch. */
export function evaluationAt(
  timeline: ClusterTimeline,
  connection: Connection,
  time: bigint,
): PastEvaluation {
  const state = timeline.at(time);
  const then = {
    ...connection,
    source: asOf(state, connection.source),
    destination: asOf(state, connection.destination),
  };
  return { evaluation: timeline.evaluatorAt(time).evaluate(then), connection: then };
}

/** The same pod as it was in that state, or as it is known where it was not there. */
function asOf(state: ClusterState, endpoint: Endpoint): Endpoint {
  if (endpoint.kind !== 'pod') return endpoint;
  const pod = state.pod(endpoint.pod.namespace, endpoint.pod.name);
  return pod?.uid === endpoint.pod.uid ? { ...endpoint, pod } : endpoint;
}

/**
 * Looks back from `time` for the last change that turned the verdict of a direction. Where none did, or what was before
 * cannot be told, it is the last change that bears on the connection; undefined where none was seen.
 */
export function turningPoint(
  timeline: ClusterTimeline,
  connection: Connection,
  direction: Direction,
  time: bigint,
): TurningPoint | undefined {
  const changes = changesBearingOn(timeline, direction, connection).filter((change) => change.time <= time);
  const last = changes.at(-1);
  if (last === undefined) return undefined;
  const now = evaluationAt(timeline, connection, time).evaluation[direction].verdict;
  for (const change of changes.reverse()) {
    const before = evaluationAt(timeline, connection, change.time - 1n).evaluation[direction].verdict;
    if (before === 'unknown') return { change: last, before };
    if (before !== now) return { change, before };
  }
  return { change: last, before: now };
}
