import type { ClusterState, Endpoint, Labels, Pod } from '../cluster/cluster_state.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import type { LabelSelector } from './label_selector.js';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whose pods: those of one namespace by its name, or of every namespace with such labels. */
export type NamespaceChoice = { readonly own: string } | { readonly labels: LabelSelector };

/** Pods by their labels and those of their namespace, as Kubernetes' policies name them. */
export class LabelledPods implements EndpointSet {
  constructor(
    private readonly namespaces: NamespaceChoice,
    private readonly pods: LabelSelector,
  ) {}

  /** `pods app=web`, `every pod of namespaces team=a`. */
  get text(): string {
    const pods = this.pods.isEmpty ? 'every pod' : `pods ${this.pods.text}`;
    if ('own' in this.namespaces) return pods;
    const { labels } = this.namespaces;
    return `${pods} of ${labels.isEmpty ? 'every namespace' : `namespaces ${labels.text}`}`;
  }

  has(endpoint: Endpoint, cluster: ClusterState): Match {
    if (endpoint.kind === 'unknown') return unknown(endpoint.why);
    if (endpoint.kind !== 'pod') return false;
    const { pod } = endpoint;
    if (!this.pods.matches(pod.labels)) return false;
    if ('own' in this.namespaces) return pod.namespace === this.namespaces.own;
    return namespaceMatches(this.namespaces.labels, pod.namespace, cluster);
  }

  whyNot(endpoint: Endpoint, role: Role, cluster: ClusterState): Miss {
    if (endpoint.kind !== 'pod') {
      const what = endpoint.kind === 'node' ? `is node ${endpoint.node}` : 'is not a pod of this cluster';
      return { distance: 30, asks: this.text, actual: `${role} ${endpoint.address} ${what}` };
    }
    const wrong = this.wrongIn(endpoint.pod, role, cluster);
    const isElsewhere = 'own' in this.namespaces && endpoint.pod.namespace !== this.namespaces.own;
    return {
      distance: wrong.length,
      asks:
        isElsewhere && 'own' in this.namespaces
          ? `${this.text} of its own namespace ${this.namespaces.own}`
          : this.text,
      actual: wrong.join(' and '),
    };
  }

  private wrongIn(pod: Pod, role: Role, cluster: ClusterState): string[] {
    const keys = this.pods.failedKeys(pod.labels);
    const wrong = keys.length === 0 ? [] : [`${role} pod has ${labelsSaid(keys, pod.labels)}`];
    if ('own' in this.namespaces) {
      if (pod.namespace !== this.namespaces.own) wrong.push(`${role} pod is in namespace ${pod.namespace}`);
      return wrong;
    }
    const labels = cluster.namespaceLabels(pod.namespace) ?? {};
    const missing = this.namespaces.labels.failedKeys(labels);
    if (missing.length > 0) {
      wrong.push(`${role}'s namespace ${pod.namespace} has ${labelsSaid(missing, labels)}`);
    }
    return wrong;
  }
}

/** Whether a selector takes a namespace. Its name is a label that every namespace has, also one that was not recorded. */
function namespaceMatches(selector: LabelSelector, namespace: string, cluster: ClusterState): Match {
  const labels = cluster.namespaceLabels(namespace);
  if (labels !== undefined) return selector.matches(labels);
  if (selector.asksOnlyFor(NAMESPACE_NAME)) return selector.matches({ [NAMESPACE_NAME]: namespace });
  return unknown(cluster.whyUnknown('Namespace') ?? `the labels of namespace ${namespace} are not known`);
}

function labelsSaid(keys: readonly string[], labels: Labels): string {
  const said = keys.map((key) => (Object.hasOwn(labels, key) ? `${key}=${labels[key]}` : `no label ${key}`));
  return said.join(' and ');
}
