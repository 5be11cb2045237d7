import type { StateAt } from '../history/state_at.js';
import type { ClusterTimeline } from '../history/timeline.js';

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

/** What of the cluster is not known in this state, as clauses. */
export function unknownIn(state: StateAt): string[] {
  const kinds = ['Pod', 'Namespace', 'Node'].flatMap((kind) => state.whyUnknown(kind) ?? []);
  return [...kinds, ...(state.whyPoliciesUnknown === undefined ? [] : [state.whyPoliciesUnknown])];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
