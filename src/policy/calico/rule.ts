import type { JsonObject } from '../../kubernetes/json.js';
import type { Clause } from '../rules/clause.js';
import { isIntegerIn, listOf, objectOf, said } from '../rules/fields.js';
import type { Action, Direction, Rule } from '../rules/policy.js';
import { PortClause } from '../rules/port_clause.js';
import { InvalidPolicy } from '../rules/problem.js';
import { UnjudgedClause } from '../rules/unjudged.js';
import { endClauses, type Place } from './entity_rule.js';
import { SourcePortClause } from './ports.js';
import { IpVersionClause, ProtocolClause, protocolOf } from './protocols.js';

const FIELDS = [
  'action',
  'ipVersion',
  'protocol',
  'notProtocol',
  'icmp',
  'notICMP',
  'source',
  'destination',
  'http',
  'metadata',
];

const ACTIONS: readonly Action[] = ['allow', 'deny', 'pass', 'log'];

/**
 * Compiles the rules of one direction, in the order in which they are tried.
 * Source: projectcalico/calico api/pkg/apis/projectcalico/v3/policy_common.go.
 */
export function compileRules(spec: JsonObject, direction: Direction, namespace: string | null): Rule[] {
  const rules = listOf(spec[direction], `spec.${direction}`) ?? [];
  return rules.map((value, index) => {
    const where = `spec.${direction}[${index}]`;
    const fields = objectOf(value, where, FIELDS);
    const action = wordOf(fields.action, ACTIONS, `${where}.action`);
    const place: Place = { where, direction, action, namespace };
    return { action, index, label: `${direction} rule ${index}`, clauses: clausesOf(fields, place) };
  });
}

function clausesOf(fields: JsonObject, place: Place): Clause[] {
  const { where } = place;
  const { ipVersion, icmp, notICMP, http } = fields;
  const protocol = isGiven(fields.protocol) ? protocolOf(fields.protocol, `${where}.protocol`) : undefined;
  const notProtocol = isGiven(fields.notProtocol)
    ? protocolOf(fields.notProtocol, `${where}.notProtocol`)
    : undefined;
  const ends = [
    ...endClauses(fields.source, 'source', place, protocol),
    ...endClauses(fields.destination, 'destination', place, protocol),
  ];
  // Ports are those of the protocol already.
  const hasPorts = ends.some((clause) => clause instanceof PortClause || clause instanceof SourcePortClause);
  return [
    ...ends,
    ...(protocol === undefined || hasPorts ? [] : [new ProtocolClause(protocol, false)]),
    ...(notProtocol === undefined ? [] : [new ProtocolClause(notProtocol, true)]),
    ...(isGiven(ipVersion) ? [ipVersionClause(ipVersion, `${where}.ipVersion`)] : []),
    ...(isGiven(icmp) ? icmpClauses(icmp, '', protocol, `${where}.icmp`) : []),
    ...(isGiven(notICMP) ? icmpClauses(notICMP, 'other than ', protocol, `${where}.notICMP`) : []),
    ...(isGiven(http)
      ? [new UnjudgedClause('certain HTTP requests', 'HTTP rules cannot be judged from ports')]
      : []),
  ];
}

function ipVersionClause(value: unknown, where: string): Clause {
  if (value === 4 || value === 6) return new IpVersionClause(value);
  throw new InvalidPolicy(where, `is ${said(value)}, not 4 or 6`);
}

/** Types of ICMP messages, which recordings of connections do not have. Without a type it asks nothing. */
function icmpClauses(value: unknown, sign: string, protocol: string | undefined, where: string): Clause[] {
  const { type, code } = objectOf(value, where, ['type', 'code']);
  if (protocol !== 'ICMP' && protocol !== 'IPv6-ICMP') {
    throw new InvalidPolicy(where, 'needs protocol ICMP or ICMPv6');
  }
  if (!isGiven(type) && !isGiven(code)) return [];
  if (!isIntegerIn(type, 0, 254)) throw new InvalidPolicy(`${where}.type`, `is ${said(type)}, not 0 to 254`);
  if (isGiven(code) && !isIntegerIn(code, 0, 255)) {
    throw new InvalidPolicy(`${where}.code`, `is ${said(code)}, not 0 to 255`);
  }
  const text = `${sign}ICMP type ${type}${isGiven(code) ? ` code ${code}` : ''}`;
  return [new UnjudgedClause(text, 'types of ICMP messages are not known')];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/**
 * One of the words, in upper or lower case: Calico's API writes them one way, its data plane reads both, as are
 * found where objects were written past the API.
 */
export function wordOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  const found = typeof value === 'string' && choices.find((choice) => choice === value.toLowerCase());
  if (found) return found;
  const names = choices.map((choice) => `${choice.slice(0, 1).toUpperCase()}${choice.slice(1)}`);
  throw new InvalidPolicy(
    where,
    `is ${said(value)}, not ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
  );
}
