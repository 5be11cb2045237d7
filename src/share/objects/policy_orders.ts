import { BUILT_IN_TIERS, DEFAULT_TIER, NETWORK_POLICY_ORDER } from '../../policy/rules/tier.js';

/** By order the names of what has it. Those without an order are last, at infinity. */
export type ByOrder = Map<number, Set<string>>;

/** The orders that were recorded of Calico's tiers, and of the policies of each tier. */
export interface RecordedOrders {
  readonly tiers: ByOrder;
  readonly policies: Map<string, ByOrder>;
  /** Whether there are policies of Kubernetes, which stand at one place of the default tier. */
  hasNetworkPolicies: boolean;
}

export function addOrder(orders: ByOrder, order: number, name: string): void {
  orders.set(order, (orders.get(order) ?? new Set()).add(name));
}

/** How far orders are set apart, as a part of them. */
const STEP = 2 ** -30;

/**
 * Calico goes by names where orders are the same. Where renaming would turn that round, orders are set apart by so little
 * that they come between no others. One place must stay as it is: that of Kubernetes' policies, whose turn among Calico's
 * own of that order nobody knows.
 */
export class RedactedOrders {
  readonly #sorted = new Map<ReadonlySet<string>, boolean>();

  constructor(
    private readonly recorded: RecordedOrders,
    private readonly rename: (name: string) => string,
  ) {}

  /** The order of a policy of a tier; infinity where it has none. */
  ofPolicy(tier: string, order: number, name: string): number {
    const isShared =
      tier === DEFAULT_TIER.name && order === NETWORK_POLICY_ORDER && this.recorded.hasNetworkPolicies;
    return isShared ? order : this.#apart(this.recorded.policies.get(tier) ?? new Map(), order, name);
  }

  /** The order of a tier. Those that are built in keep their names and places. */
  ofTier(order: number, name: string): number {
    const all: ByOrder = new Map([...this.recorded.tiers].map(([one, names]) => [one, new Set(names)]));
    const builtIn = BUILT_IN_TIERS.filter((tier) => Number.isFinite(tier.order));
    for (const tier of builtIn) addOrder(all, tier.order, tier.name);
    return this.#apart(all, order, name, builtIn.find((tier) => tier.order === order)?.name);
  }

  /** @param fixed of those with this order, the one that stays. */
  #apart(all: ByOrder, order: number, name: string, fixed?: string): number {
    const names = all.get(order) ?? new Set();
    if (this.#staysSorted(names)) return order;
    const sorted = [...names].sort();
    const rank = sorted.indexOf(name) - Math.max(0, sorted.indexOf(fixed ?? ''));
    const others = [...all.keys()].filter((one) => one !== order && Number.isFinite(one));
    if (!Number.isFinite(order)) {
      const last = Math.max(NETWORK_POLICY_ORDER, ...others);
      const ofLast = all.get(last)?.size ?? 0;
      return last + (ofLast + rank + 1) * Math.max(1, Math.abs(last) * STEP);
    }
    const room = Math.min(...others.map((one) => Math.abs(one - order))) / 2 / (sorted.length + 1);
    return order + rank * Math.min(room, Math.max(1, Math.abs(order)) * STEP);
  }

  #staysSorted(names: ReadonlySet<string>): boolean {
    const known = this.#sorted.get(names);
    if (known !== undefined) return known;
    const renamed = [...names].sort().map(this.rename);
    const isSorted = renamed.every((one, i) => i === 0 || (renamed[i - 1] ?? '') < one);
    this.#sorted.set(names, isSorted);
    return isSorted;
  }
}
