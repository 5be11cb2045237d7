import { kindName } from '../../kubernetes/kinds.js';
import type { Version, Versions } from '../../kubernetes/versions.js';
import type { Connection, Labels, PodEndpoint } from '../cluster/endpoint.js';
import { labelAt } from '../kubernetes/label_selector.js';
import type { ClusterState } from '../rules/cluster_state.js';
import { peerEndOf, subjectOf } from '../rules/ends.js';
import type { CompiledPolicy, Direction } from '../rules/policy.js';
import { describeEdit } from '../verdict/describe.js';
import type { ChangedObject } from './changed_object.js';
import type { Compiled, OverTime } from './policy_history.js';
import type { ClusterTimeline } from './timeline.js';

/** A change that may have turned the verdict on a connection. */
export interface Change {
  /** When it was seen, nanoseconds since the epoch. */
  readonly time: bigint;
  readonly object: ChangedObject;
  /** What it was, in words: `ingress rule 0 allowed pods app=a and now allows pods app=b`. */
  readonly what: string;
  /** Of labels: what takes it back, as a command: `put label app=web back`. */
  readonly undo?: string;
}

/**
 * The changes that bear on one direction of a connection, in the order of time: of the policies that select the pod
 * before or after and of what they refer to, of the labels of both ends and of their namespaces. The first list is no
 * change.
 */
export function changesBearingOn(
  timeline: ClusterTimeline,
  direction: Direction,
  connection: Connection,
): Change[] {
  const { history } = timeline;
  const subject = subjectOf(direction, connection);
  const other = peerEndOf(direction, connection);
  const changes: Change[] = [];
  if (subject.kind === 'pod') {
    changes.push(...policyChanges(timeline, direction, subject), ...podChanges(timeline, subject));
  }
  if (other.kind === 'pod') changes.push(...podChanges(timeline, other));
  for (const namespace of namespacesOf(connection)) {
    changes.push(
      ...labelChanges(history.namespaces.get(namespace), named('Namespace', namespace), (labels) => labels),
    );
  }
  if (other.kind === 'node') {
    changes.push(
      ...labelChanges(history.nodeLabels.get(other.node), named('Node', other.node), (labels) => labels),
    );
  }
  return inOrder(changes);
}

function inOrder(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => Number(a.time - b.time));
}

/** Every change of a policy, of what policies refer to and of a label after `since` and up to `until`, in order. */
export function changesBetween(timeline: ClusterTimeline, since: bigint, until: bigint): Change[] {
  const { history } = timeline;
  const { policies } = history;
  const isBetween = ({ time }: { readonly time: bigint }) => time > since && time <= until;
  const labelled = <T>(
    things: ReadonlyMap<string, Versions<T>>,
    kind: LabelledKind,
    labelsOf: (value: T) => Labels,
  ) => [...things].flatMap(([path, versions]) => labelChanges(versions, named(kind, path), labelsOf));
  const changes = [
    ...policies.all.flatMap((policy) => changesOf(timeline, policy, describeEdit, isBetween)),
    ...referredToChanges(timeline),
    ...labelled(history.pods, 'Pod', ({ labels }) => labels),
    ...labelled(history.namespaces, 'Namespace', (labels) => labels),
    ...labelled(history.nodeLabels, 'Node', (labels) => labels),
  ];
  return inOrder(changes.filter(isBetween));
}

function namespacesOf({ source, destination }: Connection): Set<string> {
  return new Set([source, destination].flatMap((end) => (end.kind === 'pod' ? end.pod.namespace : [])));
}

function policyChanges(timeline: ClusterTimeline, direction: Direction, subject: PodEndpoint): Change[] {
  const { policies } = timeline.history;
  const selecting = [...policies.in(null), ...policies.in(subject.pod.namespace)].flatMap((policy) =>
    changesOf(
      timeline,
      policy,
      describeEdit,
      ({ time, before, after }) =>
        selects(before, direction, subject, timeline.at(time - 1n)) ||
        selects(after, direction, subject, timeline.at(time)),
    ),
  );
  return [...selecting, ...referredToChanges(timeline)];
}

function referredToChanges(timeline: ClusterTimeline): Change[] {
  const { tiers, addressGroups } = timeline.history.policies;
  const referredTo: readonly OverTime<unknown>[] = [...tiers, ...addressGroups];
  return referredTo.flatMap((object) =>
    changesOf(
      timeline,
      object,
      () => 'it was changed',
      () => true,
    ),
  );
}

function selects(
  version: Compiled<readonly CompiledPolicy[]> | undefined,
  direction: Direction,
  subject: PodEndpoint,
  cluster: ClusterState,
): boolean {
  if (version === undefined || 'problem' in version) return false;
  return version.value.some(
    (policy) => policy.sections[direction] !== undefined && policy.selects.has(subject, cluster) !== false,
  );
}

/** The changes of one object that count, in words. */
function changesOf<T>(
  { history }: ClusterTimeline,
  { identity, versions }: OverTime<T>,
  edit: (before: T, after: T) => string | undefined,
  counts: (step: Step<Compiled<T>>) => boolean,
): Change[] {
  const since = history.coverage.listedSince(kindName(identity.apiVersion, identity.kind));
  return steps(versions, since)
    .filter(counts)
    .flatMap(({ time, before, after }) => {
      const what = versionChange(before, after, edit);
      return what === undefined ? [] : { time, object: identity, what };
    });
}

function versionChange<T>(
  before: Compiled<T> | undefined,
  after: Compiled<T> | undefined,
  edit: (before: T, after: T) => string | undefined,
): string | undefined {
  if (after === undefined) return 'it was deleted';
  if (before === undefined) return 'it was added';
  if ('problem' in after) return `it became invalid: ${after.problem.field} ${after.problem.problem}`;
  if ('problem' in before) return 'it became valid';
  return edit(before.value, after.value);
}

function podChanges({ history }: ClusterTimeline, { pod }: PodEndpoint): Change[] {
  const path = `${pod.namespace}/${pod.name}`;
  return labelChanges(history.pods.get(path), named('Pod', path), (one) => one.labels);
}

type LabelledKind = 'Pod' | 'Namespace' | 'Node';

/** @param path namespace/name, or the name alone of an object of the cluster. */
function named(kind: LabelledKind, path: string): ChangedObject {
  const [name = '', namespace = null] = path.split('/').reverse();
  return { apiVersion: 'v1', kind, namespace, name };
}

/** Changes of the labels of a thing that is there before and after. */
function labelChanges<T>(
  versions: Versions<T> | undefined,
  object: ChangedObject,
  labelsOf: (value: T) => Labels,
): Change[] {
  if (versions === undefined) return [];
  return steps(versions, undefined).flatMap(({ time, before, after }) => {
    if (before === undefined || after === undefined) return [];
    const edits = labelEdits(labelsOf(before), labelsOf(after));
    if (edits.length === 0) return [];
    const what = edits.map(
      ({ key, was = 'missing', is = 'missing' }) => `label ${key} was ${was} and is now ${is}`,
    );
    const undo = edits.map(({ key, was }) =>
      was === undefined ? `remove label ${key}` : `put label ${key}=${was} back`,
    );
    return { time, object, what: what.join('; '), undo: undo.join(' and ') };
  });
}

function labelEdits(before: Labels, after: Labels) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .map((key) => ({ key, was: labelAt(before, key), is: labelAt(after, key) }))
    .filter(({ was, is }) => was !== is);
}

interface Step<T> {
  readonly time: bigint;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** From each version to the next; what was there at the first list (`since`) did not begin with it. */
function steps<T>(versions: Versions<T>, since: bigint | undefined): Step<T>[] {
  const isStart = ({ from }: Version<T>) => since === undefined || from <= since;
  return versions.all.flatMap((version, i) => {
    const before = versions.all[i - 1];
    if (before === undefined && isStart(version)) return [];
    return { time: version.from, before: before?.value, after: version.value };
  });
}
