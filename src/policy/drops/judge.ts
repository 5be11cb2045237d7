import { formatTime } from '../../tape/time.js';
import type { Connection } from '../cluster/endpoint.js';
import { objectSaid } from '../history/changed_object.js';
import { type Change, changesBearingOn } from '../history/changes.js';
import type { ClusterTimeline } from '../history/timeline.js';
import { evaluationAt, type PastEvaluation, turningPoint } from '../history/turning_point.js';
import type { ClusterState } from '../rules/cluster_state.js';
import { DIRECTIONS, type Direction } from '../rules/policy.js';
import { problemSaid } from '../rules/problem.js';
import { policyName } from '../verdict/describe.js';
import { explain } from '../verdict/explain.js';
import type { ConnectionVerdict, DirectionVerdict } from '../verdict/verdict.js';
import { policyDropper } from './drop_reasons.js';
import type { DroppedPacket } from './dropped_packet.js';
import { type GivenReason, type GradedAnswer, gradeDrop, gradeNamed } from './grade.js';

/** How long a change may take to reach every data plane, and how late the recorder may see a pod's address. */
export const SETTLING_NS = 5_000_000_000n;

/** How much later than a data plane the recorder may see a change of a policy. */
export const SEEN_LATE_NS = 1_000_000_000n;

/** What is said of a dropped connection, whoever opened it and whatever packet it was. */
export interface Judgement extends GradedAnswer {
  readonly verdict: ConnectionVerdict['verdict'];
  /** The direction that denies or cannot be judged, egress first; null when both allow or it was not a policy. */
  readonly direction: Direction | null;
  /** The policies that decide in that direction, by name; those of other kinds than NetworkPolicy with their kind. */
  readonly policies: readonly string[];
  /** The change that began the denial, else the last that bears on it. */
  readonly change: Change | undefined;
  readonly allowedBefore: boolean | null;
  /** Sentences on policies that could not be judged and may bear on the connection. */
  readonly leftOut: readonly string[];
}

/** An evaluation, the state it is of, and what is to be said of the choice of that state. */
interface Finding extends PastEvaluation {
  readonly time: bigint;
  readonly note: string;
}

/** What is known of the drop of a connection. */
export interface Drop extends GivenReason {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  /** Policies that the data plane itself named. */
  readonly deniedBy: DroppedPacket['deniedBy'];
}

/** Judges a connection that was dropped. */
export function judgeConnection(timeline: ClusterTimeline, connection: Connection, drop: Drop): Judgement {
  const named = namedDirection(drop);
  const rejected = named === undefined ? rejectedByService(timeline, connection, drop) : undefined;
  if (rejected !== undefined) return rejected;
  const finding = decisiveFinding(timeline, connection, drop.time);
  const { evaluation } = finding;
  const decided = named === undefined ? decidingDirection(evaluation) : evaluation[named];
  const state = timeline.at(finding.time);
  const because =
    (decided === undefined ? whyAllowed(evaluation, state) : whyDecided(decided, state)) + finding.note;
  const leftOut = problemsBeside(finding.connection, state);
  const graded =
    named === undefined
      ? gradeDrop(drop, evaluation.verdict, because, leftOut)
      : gradeNamed(drop.deniedBy[named].join(', '), drop.seenBy, evaluation[named].verdict, because);
  // What no policy did is not laid at the door of those that would have.
  const blamed = graded.grade === 'not a policy' ? undefined : decided;
  const began = blamed?.verdict === 'denied' ? whatBegan(timeline, finding, blamed.direction) : undefined;
  return {
    ...graded,
    why: [graded.why, ...leftOut].join(' '),
    leftOut,
    verdict: evaluation.verdict,
    direction: blamed?.direction ?? null,
    policies: named !== undefined ? drop.deniedBy[named] : blamed === undefined ? [] : namesOf(blamed, state),
    change: began?.change,
    allowedBefore: began?.allowedBefore ?? null,
  };
}

/** The direction in which the data plane named policies. */
function namedDirection({ deniedBy }: Drop): Direction | undefined {
  return DIRECTIONS.find((direction) => deniedBy[direction].length > 0);
}

/**
 * A packet that still shows a service's address was sent on to no backend. Where the service had none, its proxy
 * rejects the packet, with the same reason and at the same place in the kernel as a policy drops it.
 */
function rejectedByService(
  { history }: ClusterTimeline,
  { destination }: Connection,
  { reason, time }: Drop,
): Judgement | undefined {
  if (policyDropper(reason) === undefined) return undefined;
  const service = history.services.addresses.at(destination.address, time);
  if (service === undefined) return undefined;
  if (!history.services.endpoints.wasEmpty(service, time - SEEN_LATE_NS, time + SEEN_LATE_NS))
    return undefined;
  return {
    grade: 'not a policy',
    why: `Service ${service} had no ready endpoint, so its proxy rejected the connection.`,
    verdict: 'unknown',
    direction: null,
    policies: [],
    change: undefined,
    allowedBefore: null,
    leftOut: [],
  };
}

/**
 * Evaluates the state at the time of the drop. Where that allows the connection and a change lies within a few
 * seconds, the state on the other side of the change counts too: data planes do not change at the recorder's instant.
 */
function decisiveFinding(timeline: ClusterTimeline, connection: Connection, time: bigint): Finding {
  const now = findingAt(timeline, connection, time);
  if (now.evaluation.verdict !== 'allowed') return now;
  const changes = DIRECTIONS.flatMap((direction) => changesBearingOn(timeline, direction, connection));
  for (const change of changes) {
    if (change.time <= time - SETTLING_NS || change.time > time + SEEN_LATE_NS) continue;
    const otherSide = change.time <= time ? change.time - 1n : change.time;
    const note = `, while the change of ${objectSaid(change.object)} at ${formatTime(change.time)} took effect`;
    const other = findingAt(timeline, connection, otherSide, note);
    if (other.evaluation.verdict === 'denied') return other;
  }
  return now;
}

function findingAt(timeline: ClusterTimeline, connection: Connection, time: bigint, note = ''): Finding {
  return { ...evaluationAt(timeline, connection, time), time, note };
}

function decidingDirection({ verdict, egress, ingress }: ConnectionVerdict): DirectionVerdict | undefined {
  return verdict === 'allowed' ? undefined : [egress, ingress].find((one) => one.verdict === verdict);
}

function whyAllowed({ egress, ingress }: ConnectionVerdict, state: ClusterState): string {
  const parts = [egress, ingress].map((one) => `${one.direction}: ${reasonsOf(one, state)}`);
  return parts.join('; ');
}

function whyDecided(decided: DirectionVerdict, state: ClusterState): string {
  const reasons = reasonsOf(decided, state);
  const isolated =
    decided.verdict === 'denied' && decided.decisions.every(({ effect }) => effect === 'isolates');
  return isolated ? `${decided.direction} is isolated by ${reasons}` : `${decided.direction}: ${reasons}`;
}

/** `shop/web (ingress rule 0 allows …, the source pod has …) and shop/default-deny (it has no rules)`. */
function reasonsOf(verdict: DirectionVerdict, state: ClusterState): string {
  if (verdict.otherwise !== undefined) return verdict.otherwise;
  const explained = explain(verdict, state);
  return explained.map(({ policy, why }) => `${policyName(policy)} (${why})`).join(' and ');
}

/** The change that began the denial, and whether the connection was allowed before it. */
function whatBegan(timeline: ClusterTimeline, { connection, time }: Finding, direction: Direction) {
  const turn = turningPoint(timeline, connection, direction, time);
  if (turn === undefined) return undefined;
  return { change: turn.change, allowedBefore: turn.before === 'unknown' ? null : turn.before === 'allowed' };
}

/** Each policy once, the nearest first; those that passed the connection on are not to be blamed. */
function namesOf(decided: DirectionVerdict, state: ClusterState): string[] {
  const deciding = explain(decided, state).filter(({ effect }) => effect !== 'passes');
  return [...new Set(deciding.map(({ policy }) => policyName(policy)))];
}

/** A sentence on each malformed policy of the cluster and of the namespaces of the two ends. */
function problemsBeside({ source, destination }: Connection, state: ClusterState): string[] {
  const namespaces = [source, destination].flatMap((end) => (end.kind === 'pod' ? end.pod.namespace : []));
  return [null, ...new Set(namespaces)].flatMap((namespace) => state.problems(namespace).map(problemSaid));
}
