import type { KubernetesObjectRow } from '../../kubernetes/observation.js';
import type { ObjectName } from '../../kubernetes/owners.js';
import type { WatchGap } from '../../kubernetes/watch_gap.js';
import type { Endpoint, Pod } from '../cluster/endpoint.js';
import type { DataPlane } from '../rules/data_plane.js';
import { Evaluator } from '../verdict/evaluator.js';
import { BoundedMap } from './bounded_map.js';
import { ClusterHistory } from './cluster_history.js';
import { StateAt } from './state_at.js';

const CACHED_MOMENTS = 64;

interface Moment {
  readonly state: StateAt;
  readonly evaluator: Evaluator;
}

/** The cluster over time. Between two changes that count it is one state, made when it is first asked for. */
export class ClusterTimeline {
  readonly history: ClusterHistory;
  private readonly boundaries: readonly bigint[];
  private readonly moments = new BoundedMap<number, Moment>(CACHED_MOMENTS);
  /** Who enforces the policies: as told, else whose own kinds of policy were seen. */
  readonly dataPlane: DataPlane;
  /** Whether nobody told it and no policy of Calico's or Cilium's own kinds did. */
  readonly isDataPlaneAssumed: boolean;

  /** @param rows of kubernetes_objects in the order of time. */
  constructor(rows: Iterable<KubernetesObjectRow>, gaps: readonly WatchGap[] = [], dataPlane?: DataPlane) {
    this.history = new ClusterHistory(rows, gaps);
    this.boundaries = this.history.boundaries;
    this.dataPlane = dataPlane ?? dataPlaneOf(this.history);
    this.isDataPlaneAssumed = dataPlane === undefined && this.dataPlane === 'kubernetes';
  }

  /** The cluster at a time, nanoseconds since the epoch. */
  at(time: bigint): StateAt {
    return this.momentAt(time).state;
  }

  /** Judges connections as of a time. */
  evaluatorAt(time: bigint): Evaluator {
    return this.momentAt(time).evaluator;
  }

  private momentAt(time: bigint): Moment {
    const epoch = this.epochOf(time);
    const cached = this.moments.get(epoch);
    if (cached !== undefined) return cached;
    const state = new StateAt(this.history, time, this.dataPlane);
    const moment = { state, evaluator: new Evaluator(state) };
    this.moments.set(epoch, moment);
    return moment;
  }

  /** Number of the stretch in which `time` lies: nothing changes within one. */
  epochOf(time: bigint): number {
    let low = 0;
    let high = this.boundaries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // The middle is one of them.
      if ((this.boundaries[middle] as bigint) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Who has an address, also a pod whose address was seen to begin or end up to `slackNs` away: the recorder learns
   * of a pod's address after the pod has begun to use it.
   */
  endpointNear(address: string, time: bigint, slackNs: bigint): Endpoint {
    const state = this.at(time);
    const endpoint = state.endpointAt(address);
    if (endpoint.kind === 'pod' || endpoint.kind === 'node' || state.whyUnknown('Pod') !== undefined)
      return endpoint;
    const near = this.history.podAddresses.during(endpoint.address, time - slackNs, time + slackNs);
    const pods = new Map(near.map(({ pod }) => [`${pod.namespace}/${pod.name}`, pod]));
    const [only] = pods.values();
    if (only === undefined || pods.size > 1) return endpoint;
    return { kind: 'pod', address: endpoint.address, ip: endpoint.ip, pod: only };
  }

  /** The known owners of a pod, the innermost first: ReplicaSet, then Deployment. */
  ownersOf(pod: Pod): ObjectName[] {
    return this.history.owners.ownersOf(pod.namespace, { kind: 'Pod', name: pod.name });
  }

  /** The workload that owns a pod; the pod itself when nothing does. */
  workloadOf(pod: Pod): ObjectName {
    return this.history.owners.workloadOf(pod.namespace, { kind: 'Pod', name: pod.name });
  }
}

function dataPlaneOf({ policies }: ClusterHistory): DataPlane {
  if (policies.hasGroup(/^cilium\.io\//)) return 'cilium';
  return policies.hasGroup(/projectcalico\.org\//) ? 'calico' : 'kubernetes';
}
