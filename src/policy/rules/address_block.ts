import type { ClusterState, Endpoint } from '../cluster/cluster_state.js';
import { type Cidr, cidrContains, cidrWithin, parseCidr } from '../ip.js';
import { assumptionsOf } from './data_plane.js';
import type { EndpointSet, Role } from './endpoint_set.js';
import { listOf, said } from './fields.js';
import type { Match } from './match.js';
import { unknown } from './match.js';
import type { Miss } from './miss.js';
import { InvalidPolicy } from './problem.js';

/** A block of addresses, without some parts of it. */
export class AddressBlock implements EndpointSet {
  readonly text: string;

  constructor(
    readonly block: Cidr,
    readonly except: readonly Cidr[] = [],
    /** As written: `10.0.0.0/8 except 10.1.0.0/16`. */
    text: string,
  ) {
    this.text = text;
  }

  has(endpoint: Endpoint, cluster: ClusterState): Match {
    if (endpoint.kind === 'unknown') return unknown(endpoint.why);
    if (endpoint.kind === 'pod' && !assumptionsOf(cluster.dataPlane).blocksMatchPods) return false;
    const { ip } = endpoint;
    // A template has no address yet; blocks are for addresses outside the cluster, unless one is for every address.
    if (ip === undefined) return this.block.prefix === 0 && this.except.length === 0;
    return cidrContains(this.block, ip) && !this.except.some((cidr) => cidrContains(cidr, ip));
  }

  whyNot(endpoint: Endpoint, role: Role, cluster: ClusterState): Miss {
    return { distance: 20, asks: this.text, actual: this.actual(endpoint, role, cluster) };
  }

  private actual({ kind, address, ip }: Endpoint, role: Role, { dataPlane }: ClusterState): string {
    if (kind === 'pod' && !assumptionsOf(dataPlane).blocksMatchPods)
      return `${role} is a pod, which ${dataPlane} never matches by address`;
    if (ip === undefined) return `${role} pod has no address and is taken to be outside`;
    const isExcepted = this.except.some((cidr) => cidrContains(cidr, ip));
    const who = kind === 'pod' ? `${role} pod has ${address}, which` : `${role} ${address}`;
    return `${who} is ${isExcepted ? 'among the exceptions' : 'outside'}`;
  }
}

/** Compiles `{cidr, except}` at `where` in the object. Throws InvalidPolicy where the API would refuse it. */
export function addressBlock(cidr: unknown, except: unknown, where: string): AddressBlock {
  const block = cidrOf(cidr, `${where}.cidr`);
  const excepted = listOf(except, `${where}.except`) ?? [];
  const parts = excepted.map((text, i) => {
    const part = cidrOf(text, `${where}.except[${i}]`);
    if (!cidrWithin(part, block) || part.prefix === block.prefix) {
      throw new InvalidPolicy(`${where}.except[${i}]`, `is ${text}, not a part of ${cidr}`);
    }
    return part;
  });
  return new AddressBlock(
    block,
    parts,
    `${cidr}${excepted.length > 0 ? ` except ${excepted.join(', ')}` : ''}`,
  );
}

/** Reads a block; throws InvalidPolicy for anything else. */
export function cidrOf(value: unknown, where: string): Cidr {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  if (cidr === undefined) throw new InvalidPolicy(where, `is ${said(value)}, not a block such as 10.0.0.0/8`);
  return cidr;
}
