import type { StateAt } from '../history/state_at.js';
import type { ClusterTimeline } from '../history/timeline.js';
import type { MatrixEnd } from './matrix_ends.js';

/** What a matrix of this state lacks or leaves out, a sentence each. */
export function matrixNotes(timeline: ClusterTimeline, state: StateAt, ends: readonly MatrixEnd[]): string[] {
  const pods = state.pods.map((pod) => ({ pod, name: timeline.workloadOf(pod).name }));
  const onNodes = [...pods, ...state.standIns]
    .filter(({ pod }) => pod.hostNetwork)
    .map(({ pod, name }) => `${pod.namespace}/${name}`);
  const variants = ends.flatMap((end) => (end.kind === 'workload' && end.variant !== '' ? [end] : []));
  return [
    ...unknownIn(state).map((why) => `The cluster is not wholly known: ${why}.`),
    ...unique(variants.map(({ namespace, name }) => `${namespace}/${name}`)).map(
      (workload) => `Policies do not treat all pods of ${workload} alike: it has several rows.`,
    ),
    ...(onNodes.length > 0
      ? [`On their nodes' network, where no policy selects them: ${list(onNodes)}.`]
      : []),
    ...(ends.some(({ kind }) => kind === 'nodes') ? ["Nodes stand for other nodes than a pod's own."] : []),
  ];
}

/** What was not known at some time between the two, a sentence each. */
export function gapsBetween(timeline: ClusterTimeline, since: bigint, until: bigint): string[] {
  const turns = timeline.history.coverage.boundaries.filter((time) => time > since && time < until);
  const whys = unique([since, ...turns, until].flatMap((time) => unknownIn(timeline.at(time))));
  return whys.map((why) => `Changes may be missing: ${why}.`);
}

/** Kinds of policy that nobody looked for, as a sentence. Where they are many, `families` names only whose they are. */
export function notRecorded({ history }: ClusterTimeline, names: 'kinds' | 'families' = 'kinds'): string[] {
  const kinds = history.coverage.notRecorded;
  if (kinds.length === 0) return [];
  const families = unique(kinds.map(familyOf));
  const said =
    names === 'kinds' || kinds.length <= families.length
      ? kinds.join(', ')
      : `${kinds.length} other kinds of policy (${families.map((family) => `${family}…`).join(', ')})`;
  return [`Not recorded, taken to be absent: ${said}.`];
}

function familyOf(kind: string): string {
  return ['Cilium', 'Calico'].find((family) => kind.startsWith(family)) ?? 'Admin';
}

function unknownIn(state: StateAt): string[] {
  const kinds = ['Pod', 'Namespace', 'Node'].flatMap((kind) => state.whyUnknown(kind) ?? []);
  return [...kinds, ...(state.whyPoliciesUnknown === undefined ? [] : [state.whyPoliciesUnknown])];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function list(names: readonly string[]): string {
  return unique(names).sort().join(', ');
}
