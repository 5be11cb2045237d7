import { Versions } from '../../kubernetes/versions.js';
import type { Pod } from '../cluster/cluster_state.js';
import { isSamePod } from '../cluster/ends.js';
import { type Cidr, cidrContains, parseIp } from '../ip.js';

/** One pod's time with an address: nanoseconds since the epoch, `to` undefined while it lasts. */
export interface Holding {
  readonly pod: Pod;
  readonly from: bigint;
  to: bigint | undefined;
}

/** Who has had which pod address when. Addresses are canonical texts and are used again by other pods. */
export class PodAddresses {
  private readonly holdings = new Map<string, Holding[]>();

  /** Takes up that the pod changed from one version to the next; undefined: it was not there, or is not any more. */
  change(time: bigint, before: Pod | undefined, after: Pod | undefined): void {
    const had = addressesOf(before);
    const has = addressesOf(after);
    for (const address of had) {
      if (before !== undefined && !has.includes(address)) this.end(address, before, time);
    }
    for (const address of has) {
      if (after !== undefined && !had.includes(address)) this.begin(address, after, time);
    }
  }

  /** The holdings of an address that touch the time after `since` up to `until`; with both the same, those at that time. */
  during(address: string, since: bigint, until: bigint): Holding[] {
    const list = this.holdings.get(address) ?? [];
    return list.filter(({ from, to }) => from <= until && (to === undefined || to > since));
  }

  private begin(address: string, pod: Pod, from: bigint): void {
    const list = this.holdings.get(address);
    const holding = { pod, from, to: undefined };
    if (list === undefined) this.holdings.set(address, [holding]);
    else list.push(holding);
  }

  private end(address: string, pod: Pod, to: bigint): void {
    const list = this.holdings.get(address) ?? [];
    const last = list.findLast((one) => one.to === undefined && isSamePod(one.pod, pod));
    if (last !== undefined) last.to = to;
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
      if (versions?.latest === owner && !addresses.includes(address)) versions.set(time, undefined);
    }
    for (const address of addresses) {
      const versions = this.owners.get(address) ?? new Versions<string>();
      if (versions.latest !== owner) versions.set(time, owner);
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

  /** Every time at which an address changed hands. */
  get boundaries(): bigint[] {
    return [...this.owners.values()].flatMap((versions) => versions.all.map(({ from }) => from));
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
function addressesOf(pod: Pod | undefined): readonly string[] {
  return pod === undefined || pod.hostNetwork ? [] : pod.addresses;
}
