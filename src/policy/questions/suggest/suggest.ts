import type { Connection, Pod } from '../../cluster/endpoint.js';
import { objectSaid } from '../../history/changed_object.js';
import type { Change } from '../../history/changes.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { evaluationAt, turningPoint } from '../../history/turning_point.js';
import { subjectOf } from '../../rules/ends.js';
import { DIRECTIONS } from '../../rules/policy.js';
import { policyName } from '../../verdict/describe.js';
import { explain } from '../../verdict/explain.js';
import { type DeniedFlow, type DroppedFlow, deniedFlows } from './dropped_flow.js';
import type { ObjectsOverTime } from './objects_over_time.js';
import { leastPlan, type Plan, Search } from './search.js';

/** Flows that were denied for one reason, at the last time that this was so. */
export interface Denied {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly flows: readonly DeniedFlow[];
  /** Which policies denied them then and why, as a clause. */
  readonly why: string;
  /** The edits of labels that began the denial. */
  readonly relabelled: readonly Change[];
  /** The change since which the policies allow them again; undefined while they do not. */
  readonly allowedSince: Change | undefined;
}

/** The least change that lets them through: judged again, all of them are allowed. */
export interface Suggestion extends Denied, Plan {}

export interface Suggestions {
  readonly suggestions: readonly Suggestion[];
  /** What no change of one NetworkPolicy in each direction lets through. */
  readonly refusals: readonly Denied[];
}

/** What would have let the flows through; `end` is the end of the recording. */
export function suggest(
  timeline: ClusterTimeline,
  objects: ObjectsOverTime,
  flows: readonly DroppedFlow[],
  end: bigint,
): Suggestions {
  const suggestions: Suggestion[] = [];
  const refusals: Denied[] = [];
  const denials = flows.flatMap((flow) => deniedFlows(timeline, flow));
  for (const denied of byReason(timeline, denials, end)) {
    const connections = denied.flows.map(({ connection }) => connection);
    const found = leastPlan(new Search(timeline, objects, denied.time, connections).plans());
    if (found === undefined) refusals.push(denied);
    else suggestions.push({ ...denied, ...found });
  }
  return { suggestions, refusals };
}

/** Flows that the same policies deny at one instant to, or from, pods of one workload; the last first. */
function byReason(timeline: ClusterTimeline, flows: readonly DeniedFlow[], end: bigint): Denied[] {
  const groups: Denied[] = [];
  let left = [...flows].sort((a, b) => Number(b.time - a.time));
  for (let seed = left[0]; seed !== undefined; seed = left[0]) {
    const { time } = seed;
    const reason = reasonAt(timeline, seed.connection, time);
    const isAlike = ({ connection }: DeniedFlow) => reasonAt(timeline, connection, time) === reason;
    const group = left.filter(isAlike);
    left = left.filter((flow) => !group.includes(flow));
    groups.push({
      time,
      flows: group,
      why: whyDenied(timeline, seed),
      relabelled: relabelled(timeline, group, time),
      allowedSince: allowedSince(timeline, seed.connection, end),
    });
  }
  return groups;
}

/** A text that is the same for connections that are denied for the same reason. */
function reasonAt(timeline: ClusterTimeline, connection: Connection, time: bigint): string {
  const { evaluation, connection: then } = evaluationAt(timeline, connection, time);
  return DIRECTIONS.map((direction) => {
    const { verdict, decisions } = evaluation[direction];
    if (verdict !== 'denied') return verdict;
    const subject = subjectOf(direction, then);
    const workload = subject.kind === 'pod' ? workloadSaid(timeline, subject.pod) : subject.address;
    return [workload, ...decisions.map(({ policy }) => policyName(policy)).sort()].join(' ');
  }).join('; ');
}

function workloadSaid(timeline: ClusterTimeline, pod: Pod): string {
  const { kind, name } = timeline.workloadOf(pod);
  return `${pod.namespace}/${name}[${kind}]`;
}

/** Each once, whatever the connections and directions that it closed. */
function relabelled(timeline: ClusterTimeline, flows: readonly DeniedFlow[], time: bigint): Change[] {
  const edits = flows.flatMap(({ connection }) =>
    DIRECTIONS.flatMap((direction) => {
      const isDenied = evaluationAt(timeline, connection, time).evaluation[direction].verdict === 'denied';
      const turn = isDenied ? turningPoint(timeline, connection, direction, time) : undefined;
      return turn?.before === 'allowed' && turn.change.undo !== undefined ? turn.change : [];
    }),
  );
  return [...new Map(edits.map((edit) => [`${objectSaid(edit.object)} ${edit.time}`, edit])).values()];
}

function allowedSince(timeline: ClusterTimeline, connection: Connection, end: bigint): Change | undefined {
  if (evaluationAt(timeline, connection, end).evaluation.verdict !== 'allowed') return undefined;
  const turns = DIRECTIONS.flatMap((direction) => turningPoint(timeline, connection, direction, end) ?? []);
  return turns.filter(({ before }) => before === 'denied').at(-1)?.change;
}

/** `shop/web: ingress rule 0 allows pods app=a, the source pod has app=b`, for each policy that denies. */
function whyDenied(timeline: ClusterTimeline, { time, connection: dropped }: DeniedFlow): string {
  const { evaluation } = evaluationAt(timeline, dropped, time);
  return DIRECTIONS.map((direction) => evaluation[direction])
    .filter(({ verdict }) => verdict === 'denied')
    .flatMap((verdict) => explain(verdict, timeline.at(time)))
    .map(({ policy, why }) => `${policyName(policy)}: ${why}`)
    .join('; ');
}
