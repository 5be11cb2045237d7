import { hit } from './branches.js';
import { inNet, selected } from './calico_endpoints.js';
import type { CalicoPolicy, CalicoRule, EntityRule } from './calico_objects.js';
import { type End, hasNamedPort, isIPv6, type Question, slicesOf, unlessMasqueraded } from './question.js';
import { all, any, not, type Truth } from './truth.js';

/** Everything in a rule must hold. Source: projectcalico/api, pkg/apis/projectcalico/v3/policy_common.go. */
export function ruleMatches(rule: CalicoRule, policy: CalicoPolicy, question: Question): Truth {
  const { connection, source, destination } = question;
  const family = isIPv6(connection.source) ? 6 : 4;
  const matches = all([
    rule.ipVersion === undefined || hit('Calico: ipVersion', rule.ipVersion === family),
    rule.protocol === undefined || hit('Calico: protocol', isProtocol(rule.protocol, connection.protocol)),
    rule.notProtocol === undefined ||
      hit('Calico: notProtocol', !isProtocol(rule.notProtocol, connection.protocol)),
    icmpMatches(rule.icmp),
    not(rule.notICMP === undefined ? false : icmpMatches(rule.notICMP)),
    entityMatches(rule.source ?? {}, source, connection.sourcePort, policy, question),
    entityMatches(rule.destination ?? {}, destination, connection.destinationPort, policy, question),
  ]);
  return rule.http !== undefined && matches !== false ? hit('Calico: http', 'unknown') : matches;
}

const NUMBERS: Readonly<Record<string, number>> = {
  ICMP: 1,
  TCP: 6,
  UDP: 17,
  ICMPv6: 58,
  'IPv6-ICMP': 58,
  SCTP: 132,
  UDPLite: 136,
};

function isProtocol(told: string | number, actual: string): boolean {
  return (typeof told === 'number' ? told : NUMBERS[told]) === NUMBERS[actual];
}

/** Type and code of a connection's packets are not known. */
function icmpMatches(icmp: { readonly type?: number } | undefined): Truth {
  return icmp?.type === undefined ? true : hit('Calico: ICMP type', 'unknown');
}

function entityMatches(
  entity: EntityRule,
  end: End,
  port: number | null,
  policy: CalicoPolicy,
  question: Question,
): Truth {
  const { nets, notNets, ports, notPorts } = entity;
  const inNets = (list: readonly string[]) =>
    unlessMasqueraded(question, end, any(list.map((net) => inNet(end.address, net))));
  const atPorts = (list: readonly (number | string)[]) =>
    any(list.map((one) => portMatches(one, end, port, question)));
  return all([
    nets === undefined || hit('Calico: nets', inNets(nets)),
    notNets === undefined || hit('Calico: notNets', not(inNets(notNets))),
    selected(entity, end, policy, question),
    entity.services === undefined || serviceMatches(entity.services, end, question),
    ports === undefined || hit('Calico: ports', atPorts(ports)),
    notPorts === undefined || hit('Calico: notPorts', not(atPorts(notPorts))),
  ]);
}

/** A source is matched by its address, a destination with its port too. */
function serviceMatches(
  { name, namespace }: NonNullable<EntityRule['services']>,
  end: End,
  question: Question,
): Truth {
  const { connection, destination, objects } = question;
  const slices = slicesOf(objects, namespace, name).filter(({ endpoints }) =>
    endpoints.some(({ addresses }) => addresses.includes(end.address)),
  );
  if (end !== destination)
    return hit('Calico: source.services', unlessMasqueraded(question, end, slices.length > 0));
  const { protocol, destinationPort } = connection;
  return hit(
    'Calico: destination.services',
    slices.some(({ ports }) =>
      ports.some((one) => one.port === destinationPort && one.protocol === protocol),
    ),
  );
}

/** A number, a range `1:2`, or the name of a pod's port. */
function portMatches(
  told: number | string,
  end: End,
  port: number | null,
  { connection }: Question,
): boolean {
  const actual = port ?? 0;
  if (typeof told === 'number') return hit('Calico: port number', told === actual);
  const [first = '', last = ''] = told.split(':');
  if (last !== '') return hit('Calico: port range', Number(first) <= actual && actual <= Number(last));
  return hit('Calico: named port', hasNamedPort(end, told, connection, actual));
}
