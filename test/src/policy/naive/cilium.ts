import { hit } from './branches.js';
import type { CiliumPorts, CiliumRule, CiliumSpec } from './cilium_objects.js';
import { labelsSelected, type CiliumPolicy as Policy, peersMatch } from './cilium_peers.js';
import { type End, hasPorts, type NamedPortTest, type Question, underEachReading } from './question.js';
import { all, any, type Truth } from './truth.js';

export interface CiliumSays {
  readonly isolated: boolean;
  readonly allowed: Truth;
  readonly denied: Truth;
}

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy.
 * Source: cilium/cilium, pkg/policy/api (rule.go, ingress.go, egress.go, l4.go, entity.go, cidr.go, selector.go,
 * rule_validation.go) and pkg/k8s/apis/cilium.io/utils/utils.go.
 */
export function ciliumPolicies(question: Question): CiliumSays {
  const { direction, objects } = question;
  let isolated = false;
  const allowed: Truth[] = [];
  const denied: Truth[] = [];
  for (const object of objects) {
    if (object.apiVersion !== 'cilium.io/v2' || object.kind === 'CiliumCIDRGroup') continue;
    for (const spec of [...(object.spec === undefined ? [] : [object.spec]), ...(object.specs ?? [])]) {
      if (!isSubject(object, spec, question)) continue;
      const allow = (direction === 'ingress' ? spec.ingress : spec.egress) ?? [];
      const deny = (direction === 'ingress' ? spec.ingressDeny : spec.egressDeny) ?? [];
      if (defaultDeny(spec, direction, allow.length + deny.length > 0)) isolated = true;
      for (const rule of allow) allowed.push(ruleMatches(rule, object, question));
      for (const rule of deny) denied.push(ruleMatches(rule, object, question));
    }
  }
  if (any(denied) === true) hit('Cilium: a deny rule matches', null);
  if (any(allowed) === true) hit('Cilium: an allow rule matches', null);
  return { isolated, allowed: any(allowed), denied: any(denied) };
}

function isSubject(policy: Policy, spec: CiliumSpec, question: Question): boolean {
  const { namespace } = question.pod.metadata;
  if (policy.kind === 'CiliumNetworkPolicy' && policy.metadata.namespace !== namespace)
    return hit('Cilium: policy of another namespace', false);
  const self: End = { kind: 'pod', address: '', pod: question.pod };
  return hit(
    'Cilium: endpointSelector of the subject',
    labelsSelected(spec.endpointSelector, self, question),
  );
}

/**
 * A section with a rule in it isolates unless enableDefaultDeny says no; to say yes without rules does nothing.
 * Source: pkg/policy/repository.go, computePolicyEnforcementAndRules.
 */
function defaultDeny(spec: CiliumSpec, direction: 'ingress' | 'egress', hasRules: boolean): boolean {
  if (!hasRules) return hit('Cilium: no rule, no isolation', false);
  return spec.enableDefaultDeny?.[direction] === false
    ? hit('Cilium: enableDefaultDeny says no', false)
    : hit('Cilium: rules isolate', true);
}

function ruleMatches(rule: CiliumRule, policy: Policy, question: Question): Truth {
  const to = ports(rule, question);
  const peers = peersMatch(rule, policy, question);
  if (peers === undefined)
    return to === undefined
      ? hit('Cilium: an empty rule matches nothing', false)
      : hit('Cilium: any peer', to);
  return to === undefined ? hit('Cilium: L3 only', peers) : all([peers, to]);
}

/** Undefined when the rule does not speak of ports. */
function ports(rule: CiliumRule, question: Question): Truth | undefined {
  const { protocol } = question.connection;
  if (rule.icmps !== undefined) {
    const families = rule.icmps.flatMap(({ fields }) => fields).map(({ family }) => family ?? 'IPv4');
    if (protocol === 'ICMP' && families.includes('IPv4')) return hit('Cilium: ICMP type', 'unknown');
    if (protocol === 'IPv6-ICMP' && families.includes('IPv6')) return hit('Cilium: ICMPv6 type', 'unknown');
    return hit('Cilium: not that ICMP', false);
  }
  if (rule.toPorts === undefined || rule.toPorts.length === 0) return undefined;
  const { toPorts } = rule;
  return underEachReading(question, (hasPort) => any(toPorts.map((one) => portRule(one, question, hasPort))));
}

function portRule(
  { ports: list = [], rules }: CiliumPorts,
  question: Question,
  hasPort: NamedPortTest,
): Truth {
  const matches = list.some((one) => portMatches(one, question, hasPort));
  if (matches && rules !== undefined) return hit('Cilium: L7 rules', 'unknown');
  return matches ? hit('Cilium: port matches', true) : hit('Cilium: port does not match', false);
}

function portMatches(
  { port, endPort, protocol }: NonNullable<CiliumPorts['ports']>[number],
  { connection }: Question,
  hasPort: NamedPortTest,
): boolean {
  const actual = connection.destinationPort ?? 0;
  if (!hasPorts(connection.protocol)) return hit('Cilium: protocol without ports', false);
  if (protocol === undefined || protocol === 'ANY') hit('Cilium: any protocol with ports', null);
  else if (protocol !== connection.protocol) return hit('Cilium: another protocol', false);
  if (!/^\d+$/.test(port)) return hit('Cilium: named port', hasPort(port, actual));
  if (port === '0') return hit('Cilium: port 0 is every port', true);
  if (endPort !== undefined) return hit('Cilium: port range', Number(port) <= actual && actual <= endPort);
  return hit('Cilium: port number', Number(port) === actual);
}
