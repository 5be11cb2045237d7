import type { StateAt } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { unknownIn } from '../unrecorded.js';
import type { MatrixEnd } from './ends.js';

/** What a matrix of this state lacks or leaves out, a sentence each. */
export function matrixNotes(timeline: ClusterTimeline, state: StateAt, ends: readonly MatrixEnd[]): string[] {
  const pods = state.pods.map((pod) => ({ pod, name: timeline.workloadOf(pod).name }));
  const onNodes = [...pods, ...state.standIns]
    .filter(({ pod }) => pod.hostNetwork)
    .map(({ pod, name }) => `${pod.namespace}/${name}`);
  const variants = ends.flatMap((end) => (end.kind === 'workload' && end.variant !== '' ? [end] : []));
  const apart = new Set(variants.map(({ namespace, name }) => `${namespace}/${name}`));
  return [
    ...unknownIn(state).map((why) => `The cluster is not wholly known: ${why}.`),
    ...[...apart].map(
      (workload) => `Policies do not treat all pods of ${workload} alike: it has several rows.`,
    ),
    ...(onNodes.length > 0
      ? [`On their nodes' network, where no policy selects them: ${list(onNodes)}.`]
      : []),
    ...(ends.some(({ kind }) => kind === 'nodes') ? ["Nodes stand for other nodes than a pod's own."] : []),
  ];
}

function list(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ');
}
