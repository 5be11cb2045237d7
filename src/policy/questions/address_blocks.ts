import type { StateAt } from '../history/state_at.js';
import { type Cidr, parseIp } from '../ip.js';
import { DIRECTIONS } from '../rules/policy.js';

/** Every block of addresses by which a policy of the state may tell one address from another. */
export function blocksIn(state: StateAt): Cidr[] {
  const groups = (['NetworkSet', 'GlobalNetworkSet', 'CiliumCIDRGroup'] as const).flatMap((kind) =>
    state.addressGroups(kind).flatMap(({ blocks }) => blocks),
  );
  const rules = state.allPolicies.flatMap(({ sections }) =>
    DIRECTIONS.flatMap((direction) => sections[direction]?.rules ?? []),
  );
  // Policies may mean where a service leads, and the API server is behind one.
  return [...blocksWithin(rules), ...groups, ...state.backendsBesidePods.flatMap(blockOf)];
}

/** Every API has clauses and sets of its own: whatever wraps a block, it is found. */
function blocksWithin(root: unknown): Cidr[] {
  const blocks: Cidr[] = [];
  const seen = new Set<object>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isCidr(value)) blocks.push(value);
    else for (const part of value instanceof Map ? value.values() : Object.values(value)) look(part);
  };
  look(root);
  return blocks;
}

/** Nothing else in a rule has a field of that name. */
function isCidr(value: object): value is Cidr {
  return 'prefix' in value;
}

function blockOf(address: string): Cidr[] {
  const bytes = parseIp(address);
  return bytes === undefined ? [] : [{ bytes, prefix: bytes.length * 8 }];
}
