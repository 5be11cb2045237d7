import type { Endpoint } from '../cluster/endpoint.js';
import { type Cidr, cidrContains, cidrWithin, parseCidr } from '../ip.js';
import type { Cluster } from './cluster.js';
import { assumptionsOf } from './data_plane.js';
import type { EndpointSet, Role } from './endpoint_set.js';
import { listOf, said } from './fields.js';
import { type Match, unknown } from './match.js';
import type { Miss } from './miss.js';
import type { Action } from './policy.js';
import { InvalidPolicy } from './problem.js';

/** A block of addresses, without some parts of it. */
export class AddressBlock implements EndpointSet {
  readonly text: string;
  readonly likeness: readonly Cidr[];

  constructor(
    readonly block: Cidr,
    readonly except: readonly Cidr[] = [],
    /** As written: `10.0.0.0/8 except 10.1.0.0/16`. */
    text: string,
    /** Whether it has a pod that has no address yet, unless it is for every address. */
    private readonly unaddressed: Match = false,
  ) {
    this.text = text;
    this.likeness = [block, ...except];
  }

  has(endpoint: Endpoint, cluster: Cluster): Match {
    if (isOfCluster(endpoint) && !assumptionsOf(cluster.dataPlane).blocksMatchPods) return false;
    const { ip } = endpoint;
    if (ip === undefined) return (this.block.prefix === 0 && this.except.length === 0) || this.unaddressed;
    return cidrContains(this.block, ip) && !this.except.some((cidr) => cidrContains(cidr, ip));
  }

  whyNot(endpoint: Endpoint, role: Role, cluster: Cluster): Miss {
    return new BlockMiss(this, endpoint, role, cluster);
  }
}

/**
 * Whether blocks have a pod that has no address yet, such as a template. To allow it needs an address: it is taken to be
 * outside, as blocks are mostly for what is outside the cluster, and the reason says so. It is not to be thought allowed,
 * or passed over, by a guess.
 */
export function unaddressedIn(action: Action): Match {
  return action === 'allow' ? false : UNADDRESSED;
}

export const UNADDRESSED = unknown('the pod has no address yet');

/** In words only when somebody asks. */
class BlockMiss implements Miss {
  readonly distance = 20;

  constructor(
    private readonly set: AddressBlock,
    private readonly endpoint: Endpoint,
    private readonly role: Role,
    private readonly cluster: Cluster,
  ) {}

  get asks(): string {
    return this.set.text;
  }

  get actual(): string {
    const { role, set } = this;
    const { kind, address, ip } = this.endpoint;
    const { dataPlane } = this.cluster;
    if (isOfCluster(this.endpoint) && !assumptionsOf(dataPlane).blocksMatchPods)
      return `${role} is a ${kind}, which ${dataPlane} never matches by address`;
    if (ip === undefined) return `${role} pod has no address and is taken to be outside`;
    const isExcepted = set.except.some((cidr) => cidrContains(cidr, ip));
    const who = kind === 'pod' ? `${role} pod has ${address}, which` : `${role} ${address}`;
    return `${who} is ${isExcepted ? 'among the exceptions' : 'outside'}`;
  }
}

function isOfCluster({ kind }: Endpoint): boolean {
  return kind === 'pod' || kind === 'node';
}

/**
 * Compiles `{cidr, except}` at `where` in the object. Throws InvalidPolicy where the API would refuse it.
 * @param mayExcept whether the API takes that part as an exception to the block.
 */
export function addressBlock(
  cidr: unknown,
  except: unknown,
  where: string,
  mayExcept = isWithin,
): AddressBlock {
  const block = cidrOf(cidr, `${where}.cidr`);
  const excepted = listOf(except, `${where}.except`) ?? [];
  const parts = excepted.map((text, i) => {
    const part = cidrOf(text, `${where}.except[${i}]`);
    if (!mayExcept(block, part)) {
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

function isWithin(block: Cidr, part: Cidr): boolean {
  return cidrWithin(part, block) && part.prefix !== block.prefix;
}

/** Reads a block; throws InvalidPolicy for anything else. */
export function cidrOf(value: unknown, where: string): Cidr {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  if (cidr === undefined) throw new InvalidPolicy(where, `is ${said(value)}, not a block such as 10.0.0.0/8`);
  return cidr;
}
