import type { Connection } from '../../cluster/endpoint.js';
import { objectSaid } from '../../history/changed_object.js';
import { type Change, changesBearingOn, changesBetween } from '../../history/changes.js';
import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { evaluationAt } from '../../history/turning_point.js';
import { DIRECTIONS } from '../../rules/policy.js';
import type { ConnectionSet } from './connection_set.js';
import { endNames } from './end_names.js';
import { endsOf, type MatrixEnd, type WorkloadEnd } from './ends.js';
import { endpointsBetween, Matrix, type MatrixPair } from './matrix.js';

/** Two ends and what of their connections is told. */
interface PairOf {
  readonly source: string;
  readonly destination: string;
  readonly connections: ConnectionSet;
}

/** Connections that are allowed at one instant alone. */
export interface PairChange extends PairOf {
  /** The changes that turned the verdict, in the order of time; empty where none alone did. */
  readonly changes: readonly Change[];
}

/** Connections that cannot be judged at one of the instants. */
interface PairInDoubt extends PairOf {
  readonly why: string;
}

/** How who may talk to whom differs between two instants. */
export interface MatrixDiff {
  readonly appeared: readonly PairChange[];
  readonly vanished: readonly PairChange[];
  readonly doubtful: readonly PairInDoubt[];
  /** Workloads that are there at one instant alone; no pair of theirs is told. */
  readonly came: readonly string[];
  readonly went: readonly string[];
  /** All that was changed after the first instant and up to the second, whether it bears on a pair or not. */
  readonly between: readonly Change[];
}

/** An end at both instants: one workload, and within it the same pods where there are such. */
interface SameEnd {
  readonly name: string;
  readonly before: MatrixEnd;
  readonly after: MatrixEnd;
  /** With those pods alone that are there at both; undefined where none is. */
  readonly lasting: MatrixEnd | undefined;
}

/** Compares two instants, nanoseconds since the epoch. */
export function matrixDiff(timeline: ClusterTimeline, since: bigint, until: bigint): MatrixDiff {
  const [before, after] = [timeline.at(since), timeline.at(until)];
  // The outside is cut by the policies of both instants, so that its parts are the same.
  const others = endsOf(timeline, after, [before, after]).filter(({ kind }) => kind !== 'workload');
  const was = workloadsIn(timeline, before);
  const is = workloadsIn(timeline, after);
  const named = endNames([...was, ...is, ...others]);
  const same = [
    ...sameWorkloads(was, is, named),
    ...others.map((end) => ({ name: named(end), before: end, after: end, lasting: end })),
  ];
  const pairsBefore = pairsByEnds(before, [...was, ...others]);
  const pairsAfter = pairsByEnds(after, [...is, ...others]);
  const all = same.flatMap((source) =>
    same.flatMap((destination): Compared[] => {
      const old = pairsBefore.get(source.before)?.get(destination.before);
      const now = pairsAfter.get(source.after)?.get(destination.after);
      return old && now ? [{ source, destination, old, now }] : [];
    }),
  );
  const changed = (side: 'old' | 'now', other: 'old' | 'now') =>
    all.flatMap((compared): PairChange[] => {
      const connections = gained(compared[other], compared[side]);
      if (connections.isEmpty) return [];
      const changes = changesBehind(timeline, compared, compared[side], connections, { since, until });
      return [{ ...namesOf(compared), connections, changes }];
    });
  return {
    appeared: changed('now', 'old'),
    vanished: changed('old', 'now'),
    doubtful: all.flatMap((compared): PairInDoubt[] => {
      const { old, now } = compared;
      const connections = old.unknown.plus(now.unknown);
      return connections.isEmpty
        ? []
        : [{ ...namesOf(compared), connections, why: old.why ?? now.why ?? '' }];
    }),
    came: missingFrom(was, is),
    went: missingFrom(is, was),
    between: changesBetween(timeline, since, until),
  };
}

/** A pair at both instants. */
interface Compared {
  readonly source: SameEnd;
  readonly destination: SameEnd;
  readonly old: MatrixPair;
  readonly now: MatrixPair;
}

function namesOf({ source, destination }: Compared) {
  return { source: source.name, destination: destination.name };
}

/** What the second allows and the first surely does not. */
function gained(first: MatrixPair, second: MatrixPair): ConnectionSet {
  return second.allowed.minus(first.allowed).minus(first.unknown);
}

function workloadsIn(timeline: ClusterTimeline, state: StateAt): WorkloadEnd[] {
  return endsOf(timeline, state).filter((end) => end.kind === 'workload');
}

function sameWorkloads(
  was: readonly WorkloadEnd[],
  is: readonly WorkloadEnd[],
  named: (end: MatrixEnd) => string,
): SameEnd[] {
  return is.flatMap((after) => {
    const ofWorkload = was.filter((before) => keyOf(before) === keyOf(after));
    const ofPods = ofWorkload.filter(({ pods }) => pods.some((pod) => after.pods.includes(pod)));
    return (ofPods.length > 0 ? ofPods : ofWorkload).map((before) => {
      const endpoints = after.endpoints.filter(({ pod }) => before.pods.includes(pod.name));
      const lasting = endpoints.length > 0 ? { ...after, endpoints } : undefined;
      return { name: named(after.variant === '' ? before : after), before, after, lasting };
    });
  });
}

function keyOf({ namespace, name, workloadKind }: WorkloadEnd): string {
  return `${namespace}/${name}[${workloadKind}]`;
}

/** Workloads of the second list that the first has not. */
function missingFrom(first: readonly WorkloadEnd[], second: readonly WorkloadEnd[]): string[] {
  const known = new Set(first.map(keyOf));
  return [...new Set(second.map(keyOf))].filter((key) => !known.has(key));
}

function pairsByEnds(state: StateAt, ends: readonly MatrixEnd[]): Map<MatrixEnd, Map<MatrixEnd, MatrixPair>> {
  const bySource = new Map<MatrixEnd, Map<MatrixEnd, MatrixPair>>();
  for (const pair of new Matrix(state, ends).pairs()) {
    const byDestination = bySource.get(pair.source) ?? new Map<MatrixEnd, MatrixPair>();
    bySource.set(pair.source, byDestination.set(pair.destination, pair));
  }
  return bySource;
}

/** The changes after `since` and up to `until` on whose two sides the first of the connections is judged differently. */
function changesBehind(
  timeline: ClusterTimeline,
  compared: Compared,
  side: MatrixPair,
  { spans }: ConnectionSet,
  { since, until }: { readonly since: bigint; readonly until: bigint },
): Change[] {
  const between = endpointsBetween(
    compared.source.lasting ?? side.source,
    compared.destination.lasting ?? side.destination,
  );
  const [span] = spans;
  if (between === undefined || span === undefined) return [];
  const connection: Connection = {
    ...between,
    protocol: span.protocol,
    sourcePort: null,
    destinationPort: span.from,
  };
  const verdictAt = (time: bigint) => evaluationAt(timeline, connection, time).evaluation.verdict;
  const bearing = DIRECTIONS.flatMap((direction) => changesBearingOn(timeline, direction, connection)).filter(
    ({ time }) => time > since && time <= until && verdictAt(time - 1n) !== verdictAt(time),
  );
  // A label of a namespace bears on both directions.
  const distinct = new Map(bearing.map((change) => [`${change.time} ${objectSaid(change.object)}`, change]));
  return [...distinct.values()].sort((a, b) => (a.time < b.time ? -1 : 1));
}
