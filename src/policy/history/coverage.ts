import type { WatchGap } from '../../kubernetes/watch_gap.js';
import { formatTime } from '../../tape/time.js';

/** Kinds of policy beside Kubernetes' own, by the names that kindName gives. */
const EXTENSION_POLICIES = [
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'Calico NetworkPolicy',
  'Calico GlobalNetworkPolicy',
];

/** When the recording knew all objects of a kind. */
export class Coverage {
  private readonly firstList = new Map<string, bigint>();
  private readonly gapsOf = new Map<string, WatchGap[]>();

  constructor(private readonly gaps: readonly WatchGap[]) {
    for (const gap of gaps) {
      const others = this.gapsOf.get(gap.kind);
      if (others === undefined) this.gapsOf.set(gap.kind, [gap]);
      else others.push(gap);
    }
  }

  /** Takes up that all objects of the kind had been listed at this time. */
  listed(kind: string, time: bigint): void {
    if (!this.firstList.has(kind)) this.firstList.set(kind, time);
  }

  /** When the kind was first listed, undefined if never. */
  listedSince(kind: string): bigint | undefined {
    return this.firstList.get(kind);
  }

  /** Every time at which what is known begins or ends. */
  get boundaries(): bigint[] {
    return [...this.firstList.values(), ...this.gaps.flatMap(({ since, until }) => [since, until])];
  }

  /** Why objects of the kind are not wholly known at a time; undefined when they are. */
  whyUnknown(kind: string, time: bigint): string | undefined {
    const first = this.firstList.get(kind);
    if (first === undefined) return `${kind} objects were not recorded`;
    if (time < first) return `${kind} objects are known only from ${formatTime(first)} on`;
    const gap = this.gapsOf.get(kind)?.find(({ since, until }) => since <= time && time < until);
    if (gap === undefined) return undefined;
    return `${kind} objects were not watched from ${formatTime(gap.since)} to ${formatTime(gap.until)} (${gap.reason})`;
  }

  /**
   * Why the policies are not wholly known at a time. Kinds other than NetworkPolicy come by extensions that few
   * clusters have: one that was never looked for is taken to be absent, and `notRecorded` names it.
   */
  whyPoliciesUnknown(time: bigint): string | undefined {
    const extensions = EXTENSION_POLICIES.filter((kind) => this.firstList.has(kind) || this.gapsOf.has(kind));
    for (const kind of ['NetworkPolicy', ...extensions]) {
      const why = this.whyUnknown(kind, time);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Kinds of policy that nobody looked for. */
  get notRecorded(): string[] {
    return EXTENSION_POLICIES.filter((kind) => !this.firstList.has(kind) && !this.gapsOf.has(kind));
  }
}
