import type { ObjectName } from '../../../kubernetes/owners.js';
import type { PodEndpoint } from '../../cluster/endpoint.js';
import { type StateAt, withoutAddress } from '../../history/state_at.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { parseIp } from '../../ip.js';

/** A pod at one of its addresses. */
export interface PodUnit {
  /** The outermost owner; the pod itself where nothing owns it. */
  readonly workload: ObjectName;
  readonly endpoint: PodEndpoint;
  /** Whether it is the workload's template, which stands for pods that there are none of. */
  readonly isTemplate: boolean;
}

/**
 * The pods that policies can be about, at each of their addresses. A pod that has no address yet, or the template of a
 * workload, stands in where the workload has nothing better. Pods on their node's network are left out: no policy
 * selects them.
 */
export function podUnits(timeline: ClusterTimeline, state: StateAt): PodUnit[] {
  const pods = state.pods
    .filter(({ hostNetwork }) => !hostNetwork)
    .map((pod) => ({ pod, workload: timeline.workloadOf(pod) }));
  const running = pods.flatMap(({ pod, workload }) =>
    pod.addresses.map((address): PodUnit => {
      const endpoint = { kind: 'pod', address, ip: parseIp(address), pod } as const;
      return { workload, endpoint, isTemplate: false };
    }),
  );
  const present = new Set(running.map(workloadKey));
  const waiting = pods
    .filter(({ pod }) => pod.addresses.length === 0 && !pod.hasEnded)
    .map(({ pod, workload }) => ({ workload, endpoint: withoutAddress(pod), isTemplate: false }))
    .filter((unit) => !present.has(workloadKey(unit)));
  const templates = state.standIns
    .filter(({ pod }) => !pod.hostNetwork)
    .map((one) => ({ workload: one, endpoint: withoutAddress(one.pod), isTemplate: true }));
  return [...running, ...waiting, ...templates];
}

/** Namespace, name and kind of a unit's workload: `shop/web[Deployment]`. */
export function workloadKey({ workload: { kind, name }, endpoint: { pod } }: PodUnit): string {
  return `${pod.namespace}/${name}[${kind}]`;
}
