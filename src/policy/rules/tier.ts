/**
 * A stage of evaluation. In each direction the tiers are gone through in their order; a tier whose policies do not
 * select the pod is passed over.
 */
export interface Tier {
  readonly name: string;
  /** Lower comes first. */
  readonly order: number;
  /** What becomes of a connection that an isolating policy of the tier selects and no rule of the tier matches. */
  readonly defaultAction: 'deny' | 'pass';
}

/** Admin policies, before those of namespaces. Places and names of the built-in tiers are Calico's. */
export const ADMIN_TIER: Tier = { name: 'adminnetworkpolicy', order: 1_000, defaultAction: 'pass' };

/** Kubernetes' NetworkPolicies, Cilium's policies, and Calico's that name no tier. */
export const DEFAULT_TIER: Tier = { name: 'default', order: 1_000_000, defaultAction: 'deny' };

/** What holds where no NetworkPolicy says anything. */
export const BASELINE_TIER: Tier = {
  name: 'baselineadminnetworkpolicy',
  order: 10_000_000,
  defaultAction: 'pass',
};

/** What Calico's profiles say, after all policies. */
export const PROFILE_TIER: Tier = {
  name: 'profiles',
  order: Number.POSITIVE_INFINITY,
  defaultAction: 'deny',
};

export const BUILT_IN_TIERS: readonly Tier[] = [ADMIN_TIER, DEFAULT_TIER, BASELINE_TIER, PROFILE_TIER];

/** Place of Kubernetes' NetworkPolicies, and of Cilium's, in the default tier. */
export const NETWORK_POLICY_ORDER = 1_000;
