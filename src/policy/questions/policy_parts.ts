import type { Cidr } from '../ip.js';
import { type CompiledPolicy, DIRECTIONS, type Rule } from '../rules/policy.js';
import type { PortRange } from '../rules/port_clause.js';

/** What of some policies tells one address, or one port, from the next. */
export interface PolicyParts {
  readonly blocks: readonly Cidr[];
  readonly ports: readonly PortRange[];
}

/** The address blocks and port ranges that the policies' rules name. */
export function partsOf(policies: readonly CompiledPolicy[]): PolicyParts {
  return partsIn(
    policies.flatMap(({ sections }) => DIRECTIONS.flatMap((direction) => sections[direction]?.rules ?? [])),
  );
}

/** The port ranges that a rule names. */
export function portsIn(rule: Rule): readonly PortRange[] {
  return partsIn(rule).ports;
}

/** Every API has clauses and sets of its own: whatever wraps a block or a range, it is found. */
function partsIn(root: unknown): PolicyParts {
  const blocks: Cidr[] = [];
  const ports: PortRange[] = [];
  const seen = new Set<object>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isCidr(value)) blocks.push(value);
    else if (isPortRange(value)) ports.push(value);
    else for (const part of value instanceof Map ? value.values() : Object.values(value)) look(part);
  };
  look(root);
  return { blocks, ports };
}

/** Nothing else in a rule has a field of that name. */
function isCidr(value: object): value is Cidr {
  return 'prefix' in value;
}

/** Nothing else in a rule has a field of that name. */
function isPortRange(value: object): value is PortRange {
  return 'endPort' in value;
}
