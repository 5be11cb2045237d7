import type { Cidr } from '../ip.js';
import type { Labels } from './endpoint.js';

/** Address blocks that policies refer to by name or by labels. */
export interface AddressGroup {
  readonly kind: 'NetworkSet' | 'GlobalNetworkSet' | 'CiliumCIDRGroup';
  /** Null for groups of the cluster. */
  readonly namespace: string | null;
  readonly name: string;
  readonly labels: Labels;
  readonly blocks: readonly Cidr[];
}
