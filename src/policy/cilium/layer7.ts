import type { JsonObject } from '../../kubernetes/json.js';
import type { Clause } from '../rules/clause.js';
import { objectOf } from '../rules/fields.js';
import type { Direction } from '../rules/policy.js';
import type { PortRange } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';
import { UnjudgedClause } from '../rules/unjudged.js';

const PROXIED = {
  serverNames: 'TLS server names',
  terminatingTLS: 'TLS interception',
  originatingTLS: 'TLS interception',
  listener: 'an Envoy listener',
};

const PROTOCOLS = {
  http: 'HTTP rules',
  kafka: 'Kafka rules',
  dns: 'DNS rules',
  l7proto: 'L7 rules',
  l7: 'L7 rules',
};

/** Fields of a PortRule other than its ports. */
export const BEYOND_PORTS: readonly string[] = ['rules', ...Object.keys(PROXIED)];

/** What a PortRule asks for beyond its ports, which ports do not tell; undefined when that is nothing. */
export function beyondPorts(
  rule: JsonObject,
  ranges: readonly PortRange[],
  direction: Direction,
  where: string,
): Clause | undefined {
  const rules = objectOf(rule.rules ?? {}, `${where}.rules`, Object.keys(PROTOCOLS));
  const protocols = present(rules, PROTOCOLS);
  if (protocols.length > 0) check(rules, ranges, direction, `${where}.rules`);
  const names = new Set([...protocols, ...present(rule, PROXIED)]);
  if (names.size === 0) return undefined;
  const text = [...names].join(' and ');
  return new UnjudgedClause(text, `${text} cannot be judged from ports`);
}

/** What the agent demands of them. Source: cilium/pkg/policy/api/rule_validation.go. */
function check({ dns }: JsonObject, ranges: readonly PortRange[], direction: Direction, where: string): void {
  if (dns !== undefined && direction === 'ingress')
    throw new InvalidPolicy(`${where}.dns`, 'is for egress only');
  if (dns === undefined && ranges.some(({ protocol }) => protocol !== 'TCP')) {
    throw new InvalidPolicy(where, 'is for ports whose protocol is TCP');
  }
  if (ranges.some(({ port }) => port === undefined)) throw new InvalidPolicy(where, 'is not for port 0');
}

/** The names of the fields that are there. */
function present(fields: JsonObject, names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names).flatMap(([field, name]) => (fields[field] === undefined ? [] : name));
}
