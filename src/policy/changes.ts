import type { Version, Versions } from '../kubernetes/versions.js';
import type { ClusterHistory, PolicyVersion } from './cluster_history.js';
import type { Connection, Pod } from './cluster_state.js';
import { describeEdit } from './describe.js';
import { peerEndOf, subjectOf } from './ends.js';
import type { Direction } from './network_policy.js';
import { type Labels, labelAt } from './selector.js';

/** A change that may have turned the verdict on a connection. */
export interface Change {
  /** When it was seen, nanoseconds since the epoch. */
  readonly time: bigint;
  /** Kind and name: `NetworkPolicy shop/payment-ingress`. */
  readonly object: string;
  /** What it was, in words: `ingress rule 0 allowed pods app=a and now allows pods app=b`. */
  readonly what: string;
}

/**
 * The changes that bear on one direction of a connection, in the order of time: of the policies that isolate the pod
 * before or after, of the labels of both pods, of the labels of their namespaces. The first list is no change.
 */
export function changesBearingOn(
  history: ClusterHistory,
  direction: Direction,
  connection: Connection,
): Change[] {
  const subject = subjectOf(direction, connection);
  const other = peerEndOf(direction, connection);
  const changes: Change[] = [];
  if (subject.kind === 'pod') {
    changes.push(...policyChanges(history, direction, subject.pod), ...podChanges(history, subject.pod));
  }
  if (other.kind === 'pod') {
    changes.push(...podChanges(history, other.pod), ...namespaceChanges(history, other.pod.namespace));
  }
  return changes.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function policyChanges(history: ClusterHistory, direction: Direction, pod: Pod): Change[] {
  const policies = [...(history.policies.get(pod.namespace) ?? [])];
  const since = history.coverage.listedSince('NetworkPolicy');
  return policies.flatMap(([name, versions]) =>
    steps(versions, since).flatMap(({ time, before, after }) => {
      if (!isolates(before, direction, pod) && !isolates(after, direction, pod)) return [];
      const what = policyChange(before, after);
      return what === undefined ? [] : { time, object: `NetworkPolicy ${pod.namespace}/${name}`, what };
    }),
  );
}

function isolates(version: PolicyVersion | undefined, direction: Direction, pod: Pod): boolean {
  if (version === undefined || 'problem' in version) return false;
  return version.policy.rules[direction] !== undefined && version.policy.pods.matches(pod.labels);
}

function policyChange(
  before: PolicyVersion | undefined,
  after: PolicyVersion | undefined,
): string | undefined {
  if (after === undefined) return 'it was deleted';
  if (before === undefined) return 'it was added';
  if ('problem' in after) return `it became invalid: ${after.problem.field} ${after.problem.problem}`;
  if ('problem' in before) return 'it became valid';
  return describeEdit(before.policy, after.policy);
}

function podChanges(history: ClusterHistory, pod: Pod): Change[] {
  const versions = history.pods.get(`${pod.namespace}/${pod.name}`);
  return labelChanges(versions, `Pod ${pod.namespace}/${pod.name}`, (one) => one.labels);
}

function namespaceChanges(history: ClusterHistory, namespace: string): Change[] {
  return labelChanges(history.namespaces.get(namespace), `Namespace ${namespace}`, (labels) => labels);
}

/** Changes of the labels of a thing that is there before and after. */
function labelChanges<T>(
  versions: Versions<T> | undefined,
  object: string,
  labelsOf: (value: T) => Labels,
): Change[] {
  if (versions === undefined) return [];
  return steps(versions, undefined).flatMap(({ time, before, after }) => {
    if (before === undefined || after === undefined) return [];
    const what = labelEdit(labelsOf(before), labelsOf(after));
    return what === '' ? [] : { time, object, what };
  });
}

function labelEdit(before: Labels, after: Labels): string {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const said = keys.flatMap((key) => {
    const [was, is] = [labelAt(before, key), labelAt(after, key)];
    return was === is ? [] : `label ${key} was ${was ?? 'missing'} and is now ${is ?? 'missing'}`;
  });
  return said.join('; ');
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
