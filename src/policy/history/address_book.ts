import { Versions } from '../../kubernetes/versions.js';
import type { Pod } from '../cluster/endpoint.js';
import { type Cidr, cidrContains, parseIp } from '../ip.js';
import { isSamePod } from '../rules/ends.js';

/** One pod's time with an address: nanoseconds since the epoch, `to` undefined while it lasts. */
export interface Holding {
  readonly pod: Pod;
  readonly from: bigint;
  readonly to: bigint | undefined;
}

/** A pod and an address that it has. */
interface Claim {
  readonly pod: Pod;
  readonly address: string;
}

/** Who has had which pod address when. Addresses are canonical texts and are used again by other pods. */
export class PodAddresses {
  private readonly holdings = new Map<string, readonly Holding[]>();

  /** Takes up that the pod changed from one version to the next; undefined: it was not there, or is not any more. */
  change(time: bigint, before: Pod | undefined, after: Pod | undefined): void {
    const [had, has] = [claimsOf(before), claimsOf(after)];
    for (const claim of without(had, has)) this.end(claim, time);
    for (const claim of without(has, had)) this.begin(claim, time);
  }

  /** The holdings of an address that touch the time after `since` up to `until`; with both the same, those at that time. */
  during(address: string, since: bigint, until: bigint): Holding[] {
    return this.of(address).filter(({ from, to }) => from <= until && (to === undefined || to > since));
  }

  private begin({ pod, address }: Claim, from: bigint): void {
    this.holdings.set(address, [...this.of(address), { pod, from, to: undefined }]);
  }

  private end({ pod, address }: Claim, to: bigint): void {
    const ended = this.of(address).map((one) =>
      one.to === undefined && isSamePod(one.pod, pod) ? { ...one, to } : one,
    );
    this.holdings.set(address, ended);
  }

  private of(address: string): readonly Holding[] {
    return this.holdings.get(address) ?? [];
  }
}

/** Who has had which address when, for things with a name: nodes and services. */
export class AddressOwners {
  private readonly owners = new Map<string, Versions<string>>();
  private readonly held = new Map<string, readonly string[]>();

  /** From `time` on the owner has exactly these addresses. */
  set(time: bigint, owner: string, addresses: readonly string[]): void {
    for (const address of this.held.get(owner) ?? []) {
      const versions = this.owners.get(address);
      // Another may have taken it over; what the owner keeps it is given again below.
      if (versions?.latest === owner) versions.set(time, undefined);
    }
    for (const address of addresses) {
      const versions = this.owners.get(address) ?? new Versions<string>();
      versions.set(time, owner);
      this.owners.set(address, versions);
    }
    this.held.set(owner, addresses);
  }

  at(address: string, time: bigint): string | undefined {
    return this.owners.get(address)?.at(time);
  }

  /** Every address that somebody has at a time. */
  allAt(time: bigint): { readonly address: string; readonly owner: string }[] {
    return [...this.owners].flatMap(([address, versions]) => {
      const owner = versions.at(time);
      return owner === undefined ? [] : { address, owner };
    });
  }
}

/** Blocks of addresses that nodes give to their pods. */
export class PodRanges {
  private readonly ranges: { readonly cidr: Cidr; readonly node: string }[] = [];

  add(node: string, cidr: Cidr): void {
    this.ranges.push({ cidr, node });
  }

  /** The node in whose range the address lies. */
  nodeOf(address: string): string | undefined {
    const bytes = parseIp(address);
    return bytes && this.ranges.find(({ cidr }) => cidrContains(cidr, bytes))?.node;
  }
}

/** Addresses of pods that share the node's network are the node's. */
function claimsOf(pod: Pod | undefined): Claim[] {
  return pod === undefined || pod.hostNetwork ? [] : pod.addresses.map((address) => ({ pod, address }));
}

function without(claims: readonly Claim[], others: readonly Claim[]): Claim[] {
  return claims.filter(({ address }) => !others.some((one) => one.address === address));
}
