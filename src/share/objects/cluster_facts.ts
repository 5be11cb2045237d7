import {
  NAMESPACE_LABEL,
  OF_NAMESPACE,
  OF_SERVICE_ACCOUNT,
  SERVICE_ACCOUNT_LABEL,
} from '../../policy/calico/labels.js';
import { addOrder, type ByOrder, type RecordedOrders } from './policy_orders.js';

/** What a selector can be about. */
export type Selected = 'endpoint' | 'namespace' | 'serviceAccount';

/** By key the values of labels. */
type LabelValues = Map<string, Set<string>>;

/** What the facts are kept in: it can be sent to a worker. */
export interface FactsData {
  readonly labels: Readonly<Record<Selected, LabelValues>>;
  readonly orders: RecordedOrders;
}

/** The name of the namespace or service account itself, among its labels: Calico's and Kubernetes' own. */
const NAME_LABELS = ['projectcalico.org/name', 'kubernetes.io/metadata.name'];
const ORCHESTRATOR_LABEL = 'projectcalico.org/orchestrator';

/** What must be known of all recorded objects before one of them can be redacted. */
export class ClusterFacts {
  readonly data: FactsData = {
    labels: {
      endpoint: new Map([[ORCHESTRATOR_LABEL, new Set(['k8s'])]]),
      namespace: new Map(),
      serviceAccount: new Map(),
    },
    orders: { tiers: new Map(), policies: new Map(), hasNetworkPolicies: false },
  };

  /** Adds the facts that were gathered elsewhere. What comes of several parts does not depend on their order. */
  add({ labels, orders }: FactsData): void {
    for (const of of ['endpoint', 'namespace', 'serviceAccount'] as const) {
      for (const [key, values] of labels[of]) for (const value of values) this.addLabel(of, key, value);
    }
    addOrders(this.data.orders.tiers, orders.tiers);
    for (const [tier, policies] of orders.policies) addOrders(this.ordersOf(tier), policies);
    this.data.orders.hasNetworkPolicies ||= orders.hasNetworkPolicies;
  }

  /** The orders of the policies of a tier. */
  ordersOf(tier: string): ByOrder {
    const { policies } = this.data.orders;
    const known = policies.get(tier) ?? new Map();
    policies.set(tier, known);
    return known;
  }

  /** Notes a label of a pod, network set or whatever else has an address, of a namespace, or of a service account. */
  addLabel(of: Selected, key: string, value: string): void {
    const values = this.data.labels[of];
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }

  addNamespace(name: string): void {
    this.addLabel('endpoint', NAMESPACE_LABEL, name);
    for (const key of NAME_LABELS) this.addLabel('namespace', key, name);
  }

  addServiceAccount(name: string): void {
    this.addLabel('endpoint', SERVICE_ACCOUNT_LABEL, name);
    for (const key of NAME_LABELS) this.addLabel('serviceAccount', key, name);
  }

  /** Every value that a label was recorded with, sorted. Endpoints also have those of what they are in. */
  valuesOf(of: Selected, key: string): readonly string[] {
    if (of === 'endpoint' && key.startsWith(OF_NAMESPACE))
      return this.valuesOf('namespace', key.slice(OF_NAMESPACE.length));
    if (of === 'endpoint' && key.startsWith(OF_SERVICE_ACCOUNT))
      return this.valuesOf('serviceAccount', key.slice(OF_SERVICE_ACCOUNT.length));
    return [...(this.data.labels[of].get(key) ?? [])].sort();
  }
}

function addOrders(to: ByOrder, from: ByOrder): void {
  for (const [order, names] of from) for (const name of names) addOrder(to, order, name);
}
