import type { AddressGroup } from '../cluster/address_group.js';
import type { Labels, Pod } from '../cluster/endpoint.js';
import { labelAt } from '../kubernetes/label_selector.js';
import type { Cluster } from '../rules/cluster.js';
import type { Role } from '../rules/endpoint_set.js';
import { unknown } from '../rules/match.js';
import type { LabelsOf } from './selector.js';

/** Labels that Calico gives to pods beside their own. Source: projectcalico/calico api/pkg/apis/projectcalico/v3/constants.go. */
export const NAMESPACE_LABEL = 'projectcalico.org/namespace';
export const SERVICE_ACCOUNT_LABEL = 'projectcalico.org/serviceaccount';
const ORCHESTRATOR_LABEL = 'projectcalico.org/orchestrator';

/** What stands before the labels that pods inherit from their namespace and service account. */
export const OF_NAMESPACE = 'pcns.';
export const OF_SERVICE_ACCOUNT = 'pcsa.';

/** Among those: the name of the namespace or service account itself. */
const NAME_LABEL = 'projectcalico.org/name';

/** Whether it is a label that only pods and what else is in a namespace can have. */
export function isOfPods(key: string): boolean {
  return /^(projectcalico\.org\/|pcns\.|pcsa\.)/.test(key);
}

/**
 * The labels of a pod as Calico's selectors see them.
 * Source: projectcalico/calico libcalico-go/lib/backend/k8s/conversion, syncersv1/updateprocessors.
 */
export function podLabels({ namespace, serviceAccount, labels }: Pod, cluster: Cluster): LabelsOf {
  const others = labelsIn(namespace, labels, cluster);
  return (key) => {
    if (key === SERVICE_ACCOUNT_LABEL) return serviceAccount;
    if (key === ORCHESTRATOR_LABEL) return 'k8s';
    if (!key.startsWith(OF_SERVICE_ACCOUNT)) return others(key);
    const given = cluster.serviceAccountLabels(namespace, serviceAccount);
    const who = `service account ${namespace}/${serviceAccount}`;
    return inherited(key.slice(OF_SERVICE_ACCOUNT.length), serviceAccount, given, who);
  };
}

/** The labels of a set of addresses; one of a namespace inherits from it as pods do. */
export function groupLabels({ namespace, labels }: AddressGroup, cluster: Cluster): LabelsOf {
  return namespace === null ? (key) => labelAt(labels, key) : labelsIn(namespace, labels, cluster);
}

/** Own labels and those of the namespace, which no own label can pretend to be. */
function labelsIn(namespace: string, labels: Labels, cluster: Cluster): LabelsOf {
  return (key) => {
    if (key === NAMESPACE_LABEL) return namespace;
    if (!key.startsWith(OF_NAMESPACE)) return labelAt(labels, key);
    const given = cluster.namespaceLabels(namespace);
    return inherited(key.slice(OF_NAMESPACE.length), namespace, given, `namespace ${namespace}`);
  };
}

function inherited(key: string, name: string, labels: Labels | undefined, who: string) {
  if (key === NAME_LABEL) return name;
  return labels === undefined ? unknown(`the labels of ${who} are not known`) : labelAt(labels, key);
}

/** What a pod has under some keys: `the source pod has app=api and the source pod is in namespace prod`. */
export function labelsSaid(keys: readonly string[], pod: Pod, role: Role, labels: LabelsOf): string {
  const said = new Map<string, string[]>();
  for (const key of new Set(keys)) {
    const [subject, plain] = subjectOf(key, pod, role);
    const value = labels(key);
    const what =
      plain === undefined ? String(value) : value === undefined ? `no label ${plain}` : `${plain}=${value}`;
    said.set(subject, [...(said.get(subject) ?? []), what]);
  }
  return [...said].map(([subject, whats]) => `${subject} ${whats.join(' and ')}`).join(' and ');
}

/** Who has the label, and the key that it has there; no key where the label is a fact about the pod. */
function subjectOf(key: string, pod: Pod, role: Role): [subject: string, key?: string] {
  if (key === NAMESPACE_LABEL) return [`${role} pod is in namespace`];
  if (key === SERVICE_ACCOUNT_LABEL) return [`${role} pod runs as service account`];
  if (key.startsWith(OF_NAMESPACE)) {
    return [`${role}'s namespace ${pod.namespace} has`, key.slice(OF_NAMESPACE.length)];
  }
  if (key.startsWith(OF_SERVICE_ACCOUNT)) {
    return [`${role}'s service account ${pod.serviceAccount} has`, key.slice(OF_SERVICE_ACCOUNT.length)];
  }
  return [`${role} pod has`, key];
}
