import type { Outcome } from './admin.js';
import { hit } from './branches.js';
import { podLabels } from './calico_endpoints.js';
import type { CalicoTier, CalicoPolicy as Policy } from './calico_objects.js';
import { ruleMatches } from './calico_rule.js';
import { NAMESPACES, SERVICE_ACCOUNTS, selectorHolds } from './calico_selector.js';
import { networkPolicies } from './network_policy.js';
import type { KubernetesObject } from './objects.js';
import type { Question } from './question.js';

export const isTier = (object: KubernetesObject): object is CalicoTier => object.kind === 'Tier';

const isPolicy = (object: KubernetesObject): object is Policy =>
  object.kind === 'GlobalNetworkPolicy' ||
  (object.kind === 'NetworkPolicy' && object.apiVersion === 'projectcalico.org/v3');

/**
 * Everything that a tier of Calico may say of the connection; Kubernetes' own policies are in the default tier, as
 * one policy of order 1000.
 * Source: projectcalico/api, pkg/apis/projectcalico/v3 (tier.go, networkpolicy.go, globalnetworkpolicy.go,
 * policy_common.go); libcalico-go/lib/backend/k8s/conversion/conversion.go; felix/calc/policy_sorter.go.
 */
export function calicoTier(question: Question, tier: string): Set<Outcome> {
  const policies = question.objects.filter(isPolicy).filter(({ spec }) => (spec.tier ?? 'default') === tier);
  // Of policies at the place of Kubernetes' own, felix goes by names that are not in the objects: either may be first.
  const [first, last] = [isBefore(policies, tier, 999), isBefore(policies, tier, 1000)];
  const outcomes = inThisOrder(question, tier, first, policies);
  if (first.length < last.length)
    for (const outcome of inThisOrder(question, tier, last, policies))
      outcomes.add(hit('Calico: at the place of NetworkPolicies', outcome));
  return outcomes;
}

function isBefore(policies: readonly Policy[], tier: string, order: number): Policy[] {
  return (tier === 'default' ? policies : []).filter(({ spec }) => (spec.order ?? Infinity) <= order);
}

function inThisOrder(
  question: Question,
  tier: string,
  before: readonly Policy[],
  policies: readonly Policy[],
): Set<Outcome> {
  const outcomes = new Set<Outcome>();
  let isSelected = false;
  const after = policies.filter((policy) => !before.includes(policy));
  for (const policy of [...inOrder(before), 'Kubernetes' as const, ...inOrder(after)]) {
    if (policy === 'Kubernetes') {
      const { isolated, allowed } =
        tier === 'default' ? networkPolicies(question) : { isolated: false, allowed: false };
      isSelected ||= isolated;
      if (isolated && allowed !== false) outcomes.add('allow');
      if (isolated && allowed === true) return hit('Calico: NetworkPolicy allows', outcomes);
    } else if (appliesTo(policy, question)) {
      isSelected = true;
      for (const rule of policy.spec[question.direction] ?? []) {
        const matches = ruleMatches(rule, policy, question);
        if (matches === false || rule.action === 'Log') continue;
        if (rule.action === 'Allow') outcomes.add(hit('Calico: Allow', 'allow'));
        if (rule.action === 'Deny') outcomes.add(hit('Calico: Deny', 'deny'));
        if (rule.action === 'Pass') outcomes.add(hit('Calico: Pass', 'pass'));
        if (matches === true) return outcomes;
      }
    }
  }
  if (!isSelected) return outcomes.add('none');
  const found = question.objects.filter(isTier).find(({ metadata }) => metadata.name === tier);
  if (found?.spec.defaultAction === 'Pass')
    return outcomes.add(hit('Calico: tier passes by default', 'pass'));
  return outcomes.add(hit('Calico: tier denies by default', 'deny'));
}

/** By order, without one last; then by name. */
function inOrder(policies: readonly Policy[]): Policy[] {
  return [...policies].sort((a, b) => {
    const [first, second] = [a.spec.order ?? Infinity, b.spec.order ?? Infinity];
    if (first !== second) return hit('Calico: by order', first - second);
    return hit('Calico: by name', a.metadata.name < b.metadata.name ? -1 : 1);
  });
}

function appliesTo(policy: Policy, question: Question): boolean {
  const { spec } = policy;
  if (!typesOf(policy).includes(question.direction === 'ingress' ? 'Ingress' : 'Egress'))
    return hit('Calico: of the other direction', false);
  if (spec.doNotTrack === true) return hit('Calico: doNotTrack is for hosts', false);
  const { namespace } = question.pod.metadata;
  if (policy.kind === 'NetworkPolicy' && policy.metadata.namespace !== namespace)
    return hit('Calico: policy of another namespace', false);
  const labels = podLabels({ kind: 'pod', address: '', pod: question.pod }, question.objects);
  if (!selectorHolds(spec.selector ?? '', labels)) return hit('Calico: selector of the policy misses', false);
  if (!selectorHolds(spec.namespaceSelector ?? '', labels, NAMESPACES))
    return hit('Calico: namespaceSelector of the policy misses', false);
  if (!selectorHolds(spec.serviceAccountSelector ?? '', labels, SERVICE_ACCOUNTS))
    return hit('Calico: serviceAccountSelector of the policy misses', false);
  return hit('Calico: policy applies', true);
}

function typesOf({ spec }: Policy): readonly string[] {
  if (spec.types !== undefined) return hit('Calico: types are told', spec.types);
  if ((spec.egress ?? []).length === 0) return hit('Calico: types default to Ingress', ['Ingress']);
  if ((spec.ingress ?? []).length === 0) return hit('Calico: types default to Egress', ['Egress']);
  return hit('Calico: types default to both', ['Ingress', 'Egress']);
}
