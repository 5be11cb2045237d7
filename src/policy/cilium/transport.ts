import type { JsonObject } from '../../kubernetes/json.js';
import { portClause } from '../kubernetes/egress_ports.js';
import type { Clause } from '../rules/clause.js';
import { choiceOf, isIntegerIn, isPortName, listOf, objectOf, said } from '../rules/fields.js';
import type { PortRange } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';
import { icmpClauseOf } from './icmp.js';
import { BEYOND_PORTS, beyondPorts } from './layer7.js';
import type { RuleList } from './rule_list.js';

const MOST_PORTS = 40;

/** By IANA keyword what each name stands for; ICMP has types for ports. Source: cilium/pkg/policy/api/l4.go. */
const PROTOCOLS = {
  ANY: ['TCP', 'UDP', 'SCTP'],
  TCP: ['TCP'],
  UDP: ['UDP'],
  SCTP: ['SCTP'],
  ICMP: ['ICMP'],
  ICMPv6: ['IPv6-ICMP'],
  VRRP: ['VRRP'],
  IGMP: ['IGMP'],
  GRE: ['GRE'],
  IPIP: ['IPv4'],
  IPv6: ['IPv6'],
  ESP: ['ESP'],
  AH: ['AH'],
};

const PROTOCOL_NAMES = Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[];
const WITHOUT_PORTS: readonly string[] = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPv6', 'ESP', 'AH'];

/**
 * What a rule's toPorts and icmps ask for: lists of clauses, of one of which all must hold; without lists none can.
 * Undefined where it asks for nothing.
 */
export function transportsOf(fields: JsonObject, list: RuleList, where: string): Clause[][] | undefined {
  const toPorts = listOf(fields.toPorts, `${where}.toPorts`);
  const icmps = listOf(fields.icmps, `${where}.icmps`);
  if (icmps === undefined) return toPorts && portsOf(toPorts, list, `${where}.toPorts`);
  if (toPorts !== undefined)
    throw new InvalidPolicy(where, 'has icmps beside toPorts, but a rule has one of them');
  const clause = icmpClauseOf(icmps, `${where}.icmps`);
  return clause === undefined ? [] : [[clause]];
}

/** All ports for which nothing else is asked stand together. */
function portsOf(toPorts: readonly unknown[], list: RuleList, where: string): Clause[][] {
  const rules = toPorts.map((rule, i) => portRuleOf(rule, list, `${where}[${i}]`));
  const { direction } = list;
  const plain = rules.flatMap(({ ranges, beyond }) => (beyond === undefined ? ranges : []));
  const rest = rules.flatMap(({ ranges, beyond }) =>
    beyond === undefined ? [] : [[portClause(ranges, direction), beyond]],
  );
  return plain.length > 0 ? [[portClause(plain, direction)], ...rest] : rest;
}

interface PortRule {
  readonly ranges: PortRange[];
  /** What it asks for beyond ports. */
  readonly beyond: Clause | undefined;
}

/** Compiles a PortRule or PortDenyRule. */
function portRuleOf(raw: unknown, { action, direction }: RuleList, where: string): PortRule {
  const rule = objectOf(raw, where, action === 'deny' ? ['ports'] : ['ports', ...BEYOND_PORTS]);
  const ports = listOf(rule.ports, `${where}.ports`) ?? [];
  if (ports.length > MOST_PORTS)
    throw new InvalidPolicy(`${where}.ports`, `has ${ports.length} ports, more than ${MOST_PORTS}`);
  const ranges = ports.flatMap((port, i) => rangesOf(port, `${where}.ports[${i}]`));
  return { ranges, beyond: beyondPorts(rule, ranges, direction, where) };
}

function rangesOf(raw: unknown, where: string): PortRange[] {
  const { port, endPort, protocol } = objectOf(raw, where, ['port', 'endPort', 'protocol']);
  const name = choiceOf(protocol ?? 'ANY', PROTOCOL_NAMES, `${where}.protocol`);
  const range = WITHOUT_PORTS.includes(name) ? noPort(port, where) : portOf(port, endPort, where);
  return PROTOCOLS[name].map((keyword) => ({ protocol: keyword, ...range }));
}

/** A number as text, the name of a port, or `0` for every port. */
function portOf(raw: unknown, endPort: unknown, where: string): Omit<PortRange, 'protocol'> {
  if (typeof raw !== 'string')
    throw new InvalidPolicy(`${where}.port`, `is ${said(raw)}, not text such as "80"`);
  const name = raw.toLowerCase();
  if (isPortName(name)) return { port: name, endPort: undefined };
  const port = /^\d+$/.test(raw) ? Number(raw) : undefined;
  if (!isIntegerIn(port, 0, 65535)) {
    throw new InvalidPolicy(`${where}.port`, `is ${said(raw)}, not "0" to "65535" or the name of a port`);
  }
  const last = endPort ?? 0;
  if (!isIntegerIn(last, 0, 65535))
    throw new InvalidPolicy(`${where}.endPort`, `is ${said(last)}, not 0 to 65535`);
  if (port === 0) return { port: undefined, endPort: undefined };
  return { port, endPort: Math.max(port, last) };
}

function noPort(raw: unknown, where: string): Omit<PortRange, 'protocol'> {
  choiceOf(raw || '0', ['0'], `${where}.port`);
  return { port: undefined, endPort: undefined };
}
