import type { Endpoint, Labels, Pod } from '../cluster/endpoint.js';
import type { Cluster } from '../rules/cluster.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { NO_BLOCKS } from '../rules/likeness.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { type LabelSelector, labelAt } from './label_selector.js';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whose pods: those of one namespace by its name, or of every namespace with such labels. */
export type NamespaceChoice = { readonly own: string } | { readonly labels: LabelSelector };

/** Pods by their labels and those of their namespace, as Kubernetes' policies name them. */
export class LabelledPods implements EndpointSet {
  /** `pods app=web`, `every pod of namespaces team=a`. */
  readonly text: string;
  readonly likeness = NO_BLOCKS;

  constructor(
    readonly namespaces: NamespaceChoice,
    readonly pods: LabelSelector,
  ) {
    const which = pods.isEmpty ? 'every pod' : `pods ${pods.text}`;
    this.text = 'own' in namespaces ? which : `${which} of ${namespacesSaid(namespaces.labels)}`;
  }

  has(endpoint: Endpoint, cluster: Cluster): Match {
    if (endpoint.kind !== 'pod') return false;
    const { pod } = endpoint;
    const match = this.pods.matchesPod(pod.labels, cluster.dataPlane);
    const isThere =
      'own' in this.namespaces
        ? pod.namespace === this.namespaces.own
        : namespaceMatches(this.namespaces.labels, pod.namespace, cluster);
    return match === true || isThere === false ? isThere : match;
  }

  whyNot(endpoint: Endpoint, role: Role, cluster: Cluster): Miss {
    if (endpoint.kind === 'pod') return new PodMiss(this, endpoint.pod, role, cluster);
    const what = endpoint.kind === 'node' ? `is node ${endpoint.node}` : 'is not a pod of this cluster';
    return { distance: 30, asks: this.text, actual: `${role} ${endpoint.address} ${what}` };
  }
}

function namespacesSaid(labels: LabelSelector): string {
  return labels.isEmpty ? 'every namespace' : `namespaces ${labels.text}`;
}

/** In words only when somebody asks. */
class PodMiss implements Miss {
  readonly distance: number;

  constructor(
    private readonly set: LabelledPods,
    private readonly pod: Pod,
    private readonly role: Role,
    private readonly cluster: Cluster,
  ) {
    this.distance = (set.pods.matches(pod.labels) ? 0 : 1) + (this.isElsewhere ? 1 : 0);
  }

  get asks(): string {
    const { namespaces, text } = this.set;
    return 'own' in namespaces && this.isElsewhere ? `${text} of its own namespace ${namespaces.own}` : text;
  }

  get actual(): string {
    const { role, pod, cluster } = this;
    const { pods, namespaces } = this.set;
    const wrong = pods.matches(pod.labels) ? '' : `${role} pod has ${wrongLabels(pods, pod.labels)}`;
    if (!this.isElsewhere) return wrong;
    const where =
      'own' in namespaces
        ? `${role} pod is in namespace ${pod.namespace}`
        : `${role}'s namespace ${pod.namespace} has ${wrongLabels(namespaces.labels, labelsOf(pod.namespace, cluster))}`;
    return wrong === '' ? where : `${wrong} and ${where}`;
  }

  private get isElsewhere(): boolean {
    const { pod, cluster } = this;
    const { namespaces } = this.set;
    if ('own' in namespaces) return pod.namespace !== namespaces.own;
    return namespaceMatches(namespaces.labels, pod.namespace, cluster) === false;
  }
}

/** What is known of a namespace's labels: every namespace has its name as one, also where it was not recorded. */
function labelsOf(namespace: string, cluster: Cluster): Labels {
  return cluster.namespaceLabels(namespace) ?? { [NAMESPACE_NAME]: namespace };
}

function namespaceMatches(selector: LabelSelector, namespace: string, cluster: Cluster): Match {
  const isKnown = cluster.namespaceLabels(namespace) !== undefined;
  if (isKnown || selector.asksOnlyFor(NAMESPACE_NAME)) return selector.matches(labelsOf(namespace, cluster));
  return unknown(cluster.whyUnknown('Namespace') ?? `the labels of namespace ${namespace} are not known`);
}

/** What the labels are where the selector asks for others: `app=web and no label tier`. */
export function wrongLabels(selector: LabelSelector, labels: Labels): string {
  let said = '';
  for (const key of selector.failedKeys(labels)) {
    const value = labelAt(labels, key);
    said += `${said === '' ? '' : ' and '}${value === undefined ? `no label ${key}` : `${key}=${value}`}`;
  }
  return said;
}
