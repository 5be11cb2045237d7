import { hit } from './branches.js';
import type {
  CidrRule,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CiliumRule,
} from './cilium_objects.js';
import type { LabelSelector, Labels } from './metadata.js';
import type { KubernetesObject } from './objects.js';
import {
  type End,
  inBlock,
  isOwnNode,
  namespaceLabels,
  peerOf,
  type Question,
  selects,
  slicesOf,
  unlessMasqueraded,
} from './question.js';
import { any, type Truth } from './truth.js';

export type CiliumPolicy = CiliumNetworkPolicy | CiliumClusterwideNetworkPolicy;

const NAMESPACE = 'io.kubernetes.pod.namespace';
const CLUSTER = 'io.cilium.k8s.policy.cluster';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** Undefined when the rule names no peers. */
export function peersMatch(rule: CiliumRule, policy: CiliumPolicy, question: Question): Truth | undefined {
  const end = peerOf(question);
  const endpoints = rule.fromEndpoints ?? rule.toEndpoints;
  const entities = rule.fromEntities ?? rule.toEntities;
  const blocks = rule.fromCIDR ?? rule.toCIDR;
  const sets = rule.fromCIDRSet ?? rule.toCIDRSet;
  const nodes = rule.fromNodes ?? rule.toNodes;
  if (endpoints !== undefined)
    return endpoints.length === 0
      ? hit('Cilium: an empty list of endpoints matches nothing', false)
      : any(endpoints.map((one) => endpointMatches(one, policy, end, question)));
  if (entities !== undefined) return entities.some((one) => entityMatches(one, end, question));
  if (blocks !== undefined) return blocks.some((one) => cidrMatches(one, [], end));
  if (sets !== undefined) return sets.some((one) => cidrSetMatches(one, end, question.objects));
  if (nodes !== undefined) return nodes.some((one) => nodeMatches(one, end, question));
  if (rule.toServices !== undefined)
    return rule.toServices.some(({ k8sService }) => isBackend(k8sService, end, question.objects));
  if (rule.toFQDNs !== undefined)
    return end.kind === 'external'
      ? hit('Cilium: toFQDNs', 'unknown')
      : hit('Cilium: toFQDNs are outside the cluster', false);
  return undefined;
}

/** A selector without a namespace is for the policy's own, in a cluster-wide policy for every pod. */
function endpointMatches(selector: LabelSelector, policy: CiliumPolicy, end: End, question: Question): Truth {
  if (keysOf(selector).some((key) => key.startsWith('reserved:')))
    return hit('Cilium: reserved label', labelsSelected(selector, end, question));
  return unlessMasqueraded(question, end, podMatches(selector, policy, end, question));
}

function podMatches(selector: LabelSelector, policy: CiliumPolicy, end: End, question: Question): Truth {
  const plain = keysOf(selector).map(withoutSource);
  if (!plain.includes(NAMESPACE)) {
    if (end.kind !== 'pod') return hit('Cilium: endpoints are pods', false);
    const isSpread = plain.some((key) => key.startsWith(NAMESPACE_LABELS));
    if (
      policy.kind === 'CiliumNetworkPolicy' &&
      !isSpread &&
      end.pod.metadata.namespace !== policy.metadata.namespace
    )
      return hit('Cilium: endpoint of another namespace', false);
  }
  if (!labelsSelected(selector, end, question)) return hit('Cilium: endpoint selector misses', false);
  if (plain.includes(CLUSTER)) return hit('Cilium: the name of the cluster is not recorded', 'unknown');
  return hit('Cilium: endpoint selector', true);
}

/** Whether the labels are selected, the name of the cluster apart. */
export function labelsSelected(selector: LabelSelector, end: End, question: Question): boolean {
  const matchLabels = Object.fromEntries(
    Object.entries(selector.matchLabels ?? {})
      .map(([key, value]) => [withoutSource(key), value] as const)
      .filter(([key]) => key !== CLUSTER),
  );
  const matchExpressions = (selector.matchExpressions ?? []).map((one) => ({
    ...one,
    key: withoutSource(one.key),
  }));
  return selects({ matchLabels, matchExpressions }, labelsOf(end, question));
}

function keysOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** `k8s:app` and `any:app` mean the label app; a reserved label keeps its source. */
function withoutSource(key: string): string {
  return key.replace(/^(k8s|any):/, '');
}

function labelsOf(end: End, question: Question): Labels {
  if (end.kind === 'external') return hit('Cilium: labels of the world', { 'reserved:world': '' });
  if (end.kind === 'node')
    return isOwnNode(question, end)
      ? hit('Cilium: labels of the host', { 'reserved:host': '' })
      : hit('Cilium: labels of a remote node', { 'reserved:remote-node': '' });
  const { metadata, spec } = end.pod;
  const ofNamespace = Object.entries(namespaceLabels(question.objects, metadata.namespace));
  return {
    ...metadata.labels,
    ...Object.fromEntries(ofNamespace.map(([key, value]) => [`${NAMESPACE_LABELS}${key}`, value])),
    [NAMESPACE]: metadata.namespace,
    'io.cilium.k8s.policy.serviceaccount': spec.serviceAccountName,
  };
}

function entityMatches(entity: string, end: End, question: Question): boolean {
  if (entity === 'all') return hit('Cilium: entity all', true);
  if (entity === 'world') return hit('Cilium: entity world', end.kind === 'external');
  if (entity === 'cluster')
    return hit('Cilium: entity cluster', end.kind !== 'external' || isApiServer(end, question.objects));
  if (entity === 'host') return hit('Cilium: entity host', isOwnNode(question, end));
  if (entity === 'remote-node')
    return hit('Cilium: entity remote-node', end.kind === 'node' && !isOwnNode(question, end));
  if (entity === 'kube-apiserver')
    return hit('Cilium: entity kube-apiserver', isApiServer(end, question.objects));
  return hit('Cilium: entity that none of these has', false);
}

/** The API server is where the service default/kubernetes leads. */
function isApiServer(end: End, objects: readonly KubernetesObject[]): boolean {
  return slicesOf(objects, 'default', 'kubernetes').some(({ endpoints }) =>
    endpoints.some(({ addresses }) => addresses.includes(end.address)),
  );
}

function cidrMatches(cidr: string, except: readonly string[], end: End): boolean {
  if (end.kind !== 'external') return hit('Cilium: blocks are outside the cluster', false);
  if (!inBlock(end.address, cidr)) return hit('Cilium: outside the block', false);
  if (except.some((one) => inBlock(end.address, one))) return hit('Cilium: except', false);
  return hit('Cilium: inside the block', true);
}

function cidrSetMatches(set: CidrRule, end: End, objects: readonly KubernetesObject[]): boolean {
  const { cidr, except, cidrGroupRef, cidrGroupSelector } = set;
  if (cidr !== undefined) return hit('Cilium: CIDRSet', cidrMatches(cidr, except ?? [], end));
  for (const group of objects) {
    if (group.kind !== 'CiliumCIDRGroup') continue;
    if (cidrGroupRef !== undefined && group.metadata.name !== cidrGroupRef) {
      hit('Cilium: another CIDRGroup', null);
      continue;
    }
    if (cidrGroupSelector !== undefined && !selects(cidrGroupSelector, group.metadata.labels ?? {})) {
      hit('Cilium: cidrGroupSelector misses', null);
      continue;
    }
    if (group.spec.externalCIDRs.some((one) => cidrMatches(one, [], end)))
      return hit('Cilium: inside a CIDRGroup', true);
  }
  return hit('Cilium: in no CIDRGroup', false);
}

/** A service with a selector stands for the pods that it selects. */
function isBackend(
  { serviceName, namespace }: { readonly serviceName: string; readonly namespace: string },
  end: End,
  objects: readonly KubernetesObject[],
): boolean {
  if (end.kind !== 'pod' || end.pod.metadata.namespace !== namespace)
    return hit('Cilium: toServices, no pod of its namespace', false);
  const { labels } = end.pod.metadata;
  return objects.some(
    (object) =>
      object.kind === 'Service' &&
      object.metadata.namespace === namespace &&
      object.metadata.name === serviceName &&
      hit('Cilium: toServices', selects({ matchLabels: object.spec.selector ?? {} }, labels ?? {})),
  );
}

function nodeMatches(selector: LabelSelector, end: End, question: Question): boolean {
  if (end.kind !== 'node' || isOwnNode(question, end)) return hit('Cilium: nodes are remote nodes', false);
  return hit('Cilium: nodes', selects(selector, end.node.metadata.labels ?? {}));
}
