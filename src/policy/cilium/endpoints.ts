import { objectAt, objectsAt } from '../../kubernetes/json.js';
import type { Endpoint, Labels, Pod } from '../cluster/endpoint.js';
import { LabelSelector } from '../kubernetes/label_selector.js';
import { wrongLabels } from '../kubernetes/labelled_pods.js';
import type { Cluster } from '../rules/cluster.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { isUnknown, type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { IDENTITIES } from './entities.js';
import { type Peer, whoIs } from './peer_clause.js';

/** Labels that Cilium gives to every pod beside the pod's own. Source: cilium/pkg/k8s/apis/cilium.io/const.go. */
const NAMESPACE = 'io.kubernetes.pod.namespace';
const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';
const CLUSTER = 'io.cilium.k8s.policy.cluster';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
/** Those of what is no pod, such as `reserved:host`. */
const RESERVED = 'reserved:';

/** Whom a selector is tried on. */
interface Scope {
  /** Pods only, or whatever has an address. */
  readonly kind: 'pods' | 'endpoints';
  /** The only one whose pods are meant; null for those of all. */
  readonly namespace: string | null;
}

/** Endpoints by the labels that they have to Cilium. */
class SelectedEndpoints implements Peer, EndpointSet {
  /** `pods app=web`, `every pod of every namespace`, `endpoints io.kubernetes.pod.namespace=prod`. */
  readonly text: string;
  readonly pods: EndpointSet | undefined;
  /** Reserved labels that it asks for, and who has each. */
  private readonly identities: readonly (readonly [string, Peer['has']])[];
  private readonly asksForNamespaceLabels: boolean;
  private readonly asksForCluster: boolean;

  /** @param keys all that the selector asks for. */
  constructor(
    private readonly selector: LabelSelector,
    private readonly scope: Scope,
    keys: readonly string[],
  ) {
    const who = selector.isEmpty ? 'every pod' : `${scope.kind} ${selector.text}`;
    const isOfAll = scope.kind === 'pods' && scope.namespace === null;
    this.text = isOfAll ? `${who} of every namespace` : who;
    this.identities = Object.entries(IDENTITIES)
      .map(([name, has]) => [`${RESERVED}${name}`, has] as const)
      .filter(([label]) => keys.includes(label));
    this.pods = this.identities.length === 0 ? this : undefined;
    this.asksForNamespaceLabels = keys.some((key) => key.startsWith(NAMESPACE_LABELS));
    this.asksForCluster = keys.includes(CLUSTER);
  }

  has(endpoint: Endpoint, cluster: Cluster, ownNode: string | null = null): Match {
    return endpoint.kind === 'pod'
      ? this.hasPod(endpoint.pod, cluster)
      : this.hasOther(endpoint, cluster, ownNode);
  }

  whyNot(endpoint: Endpoint, role: Role, cluster: Cluster): Miss {
    if (endpoint.kind !== 'pod') return { distance: 30, asks: this.text, actual: whoIs(endpoint, role) };
    const { pod } = endpoint;
    // `has` said no, so they are known.
    const labels = this.labelsOf(pod, cluster) as Labels;
    const wrong = this.selector.matches(labels)
      ? []
      : [`${role} pod has ${wrongLabels(this.selector, labels)}`];
    const namespace = this.missedNamespace(pod);
    if (namespace !== null) wrong.push(`${role} pod is in namespace ${pod.namespace}`);
    const asks = namespace === null ? this.text : `${this.text} of its own namespace ${namespace}`;
    return { distance: wrong.length, asks, actual: wrong.join(' and ') };
  }

  private hasPod(pod: Pod, cluster: Cluster): Match {
    if (this.missedNamespace(pod) !== null) return false;
    const labels = this.labelsOf(pod, cluster);
    if (labels === undefined) return unknown(`the labels of namespace ${pod.namespace} are not known`);
    if (!this.asksForCluster) return this.selector.matchesPod(labels, 'cilium');
    const isOtherwise = this.selector.failedKeys(labels).some((key) => key !== CLUSTER);
    return isOtherwise ? false : unknown('the name of the cluster is not recorded');
  }

  /** What is no pod has none of a pod's labels, which NotIn and DoesNotExist take for a match. */
  private hasOther(endpoint: Endpoint, cluster: Cluster, ownNode: string | null): Match {
    if (this.scope.kind === 'pods') return false;
    const labels: Record<string, string> = {};
    for (const [label, has] of this.identities) {
      const match = has(endpoint, cluster, ownNode);
      if (isUnknown(match)) return match;
      if (match) labels[label] = '';
    }
    return this.selector.matches(labels);
  }

  /** The namespace that is asked for where the pod is in another; null where it is in the right one. */
  private missedNamespace(pod: Pod): string | null {
    const { namespace } = this.scope;
    return namespace === pod.namespace ? null : namespace;
  }

  /** Undefined when those of the namespace count and are not known. */
  private labelsOf(pod: Pod, cluster: Cluster): Labels | undefined {
    const labels = { ...pod.labels, [NAMESPACE]: pod.namespace, [SERVICE_ACCOUNT]: pod.serviceAccount };
    if (!this.asksForNamespaceLabels) return labels;
    const ofNamespace = cluster.namespaceLabels(pod.namespace);
    if (ofNamespace === undefined) return undefined;
    const entries = Object.entries(ofNamespace).map(([key, value]) => [`${NAMESPACE_LABELS}${key}`, value]);
    return { ...labels, ...Object.fromEntries(entries) };
  }
}

/** The pods that a policy is about: those of a namespaced policy are of its namespace, whatever it says. */
export function subjectEndpoints(raw: unknown, namespace: string | null, where: string): EndpointSet {
  const own = namespace === null ? raw : withoutNamespace(raw);
  return selected(own, { kind: 'pods', namespace }, where);
}

/** The endpoints that a rule names: unless it says whose, those of the policy's namespace, or every pod. */
export function peerEndpoints(raw: unknown, where: string, namespace: string | null): Peer {
  const isOwn = !keysOf(raw).some(
    (key) =>
      key === NAMESPACE ||
      key.startsWith(RESERVED) ||
      (namespace !== null && key.startsWith(NAMESPACE_LABELS)),
  );
  return selected(raw, isOwn ? { kind: 'pods', namespace } : ANYBODY, where);
}

const ANYBODY: Scope = { kind: 'endpoints', namespace: null };

function selected(raw: unknown, scope: Scope, where: string): SelectedEndpoints {
  return new SelectedEndpoints(LabelSelector.compile(raw, where, labelOf), scope, keysOf(raw));
}

/** Cilium takes a namespace out of the selector, and puts that of the policy in its place. */
function withoutNamespace(raw: unknown): unknown {
  const { [`k8s:${NAMESPACE}`]: given, ...matchLabels } = objectAt(raw, 'matchLabels');
  return given === undefined ? raw : { ...objectAt(raw), matchLabels };
}

/** Every label that a selector asks for. */
function keysOf(raw: unknown): string[] {
  const expressions = objectsAt(objectAt(raw), 'matchExpressions').map(({ key }) => String(key));
  return [...Object.keys(objectAt(raw, 'matchLabels')), ...expressions].map((key) => labelOf(key).label);
}

/**
 * The label that a key stands for. It may begin with the source of the label, `any` where there is none; those of pods
 * have the source `k8s`. Others keep it: no label of a pod has a colon. Source: cilium/pkg/labels/labels.go.
 */
export function labelOf(written: string): { label: string; key: string } {
  const key = written.replace(/^[a-z0-9]+:/, '');
  const isOfPods = written === `k8s:${key}` || written === `any:${key}`;
  return { label: isOfPods ? key : written, key };
}
