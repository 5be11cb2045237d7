import type { StateAt } from '../history/state_at.js';
import { type Cidr, parseIp } from '../ip.js';
import { partsOf } from './policy_parts.js';

/** Policies may mean the API server by what it is. */
const API_SERVER = 'default/kubernetes';

/** Every block of addresses by which a policy of the state may tell one address from another. */
export function blocksIn(state: StateAt): Cidr[] {
  const groups = (['NetworkSet', 'GlobalNetworkSet', 'CiliumCIDRGroup'] as const).flatMap((kind) =>
    state.addressGroups(kind).flatMap(({ blocks }) => blocks),
  );
  const apiServers = (state.backendAddresses(API_SERVER) ?? []).flatMap(blockOf);
  return [...partsOf(state.allPolicies).blocks, ...groups, ...apiServers];
}

function blockOf(address: string): Cidr[] {
  const bytes = parseIp(address);
  return bytes === undefined ? [] : [{ bytes, prefix: bytes.length * 8 }];
}
