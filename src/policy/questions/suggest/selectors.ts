import { type JsonObject, objectAt, textEntries } from '../../../kubernetes/json.js';
import type { Endpoint, Labels, Pod } from '../../cluster/endpoint.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { labelAt } from '../../kubernetes/label_selector.js';
import type { ObjectsOverTime } from './objects_over_time.js';

/** Labels that controllers give to single pods or single versions: what is written down must not lean on them. */
const FLEETING = [
  'pod-template-hash',
  'pod-template-generation',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
];

/** Writes down who is meant, as NetworkPolicies do. */
export class Selectors {
  constructor(
    private readonly timeline: ClusterTimeline,
    private readonly objects: ObjectsOverTime,
    private readonly time: bigint,
  ) {}

  /**
   * A label selector for a pod's workload: by the labels with which the workload itself finds its pods where they last,
   * else by all labels of the pod that do. Undefined where there are none.
   */
  podSelector(pod: Pod): JsonObject | undefined {
    const { kind, name } = this.timeline.workloadOf(pod);
    const workload = this.objects.at(kind, pod.namespace, name, this.time);
    const own = lasting(textEntries(objectAt(workload, 'spec', 'selector', 'matchLabels')));
    const isOwn = Object.entries(own).every(([key, value]) => labelAt(pod.labels, key) === value);
    const labels = isOwn && Object.keys(own).length > 0 ? own : lasting(pod.labels);
    return Object.keys(labels).length > 0 ? { matchLabels: labels } : undefined;
  }

  /** A peer of a rule in a policy of a namespace; undefined where NetworkPolicy has no words for it. */
  peer(endpoint: Endpoint, namespace: string): JsonObject | undefined {
    if (endpoint.kind === 'node' || endpoint.kind === 'external') {
      return endpoint.ip && { ipBlock: { cidr: `${endpoint.address}/${endpoint.ip.length * 8}` } };
    }
    if (endpoint.kind !== 'pod') return undefined;
    const { pod } = endpoint;
    const podSelector = this.podSelector(pod);
    if (podSelector === undefined || pod.namespace === namespace) return podSelector && { podSelector };
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': pod.namespace } };
    return { namespaceSelector, podSelector };
  }
}

function lasting(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !FLEETING.includes(key)));
}
