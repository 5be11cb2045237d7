import type { PodEndpoint } from '../cluster/endpoint.js';
import type { ClusterState } from '../rules/cluster_state.js';
import { isUnknown, type Match } from '../rules/match.js';
import type { CompiledPolicy, Direction, Rule, Section } from '../rules/policy.js';
import type { Tier } from '../rules/tier.js';
import type { Decision } from './verdict.js';

/** All that the policies have to say of one direction of one pod's connections, in the order in which it counts. */
export interface Plan {
  readonly tiers: readonly PlannedTier[];
  /** Policies whose place among the others is not known. */
  readonly unplaced: readonly Decision[];
}

export interface PlannedTier {
  readonly tier: Tier;
  /** In the order in which they are tried. */
  readonly rules: readonly PlannedRule[];
  /** The policies that isolate the pod: what no rule of the tier matches meets its default action. */
  readonly isolation: readonly Decision[];
  /** Policies of which it cannot be told whether they isolate the pod. */
  readonly doubtful: readonly Decision[];
}

/** A rule at its place in a plan. */
export interface PlannedRule {
  readonly rule: Rule;
  readonly policy: CompiledPolicy;
  /** Whether the policy selects the pod: true, or why that cannot be told. */
  readonly selects: Match;
  /** What the policy does where the rule matches. */
  readonly decision: Decision;
  /** Whether there is another policy of which nobody knows whether it comes before this rule's. */
  readonly hasRivals: boolean;
}

const EFFECTS = { allow: 'allows', deny: 'denies', pass: 'passes', log: 'passes' } as const;

/** The plan for what a pod sends or receives. @param policies all that may select it. */
export function planOf(
  direction: Direction,
  endpoint: PodEndpoint,
  policies: readonly CompiledPolicy[],
  cluster: ClusterState,
): Plan {
  const tiers = new Map<string, { tier: Tier; selecting: Selecting[] }>();
  const unplaced: Decision[] = [];
  for (const policy of policies) {
    const section = policy.sections[direction];
    if (section === undefined) continue;
    const selects = policy.selects.has(endpoint, cluster);
    if (selects === false) continue;
    const tier = cluster.tier(policy.tier);
    if (tier === undefined) {
      const why = `its tier ${policy.tier} was not recorded`;
      unplaced.push({ policy, effect: 'unknown', rule: undefined, unknown: why });
      continue;
    }
    const planned = tiers.get(tier.name) ?? { tier, selecting: [] };
    planned.selecting.push({ policy, section, selects });
    tiers.set(tier.name, planned);
  }
  const ordered = [...tiers.values()].sort(
    (a, b) => a.tier.order - b.tier.order || compare(a.tier.name, b.tier.name),
  );
  return { tiers: ordered.map(({ tier, selecting }) => plannedTier(tier, selecting)), unplaced };
}

function plannedTier(tier: Tier, selecting: readonly Selecting[]): PlannedTier {
  const ordered = [...selecting].sort(inOrder);
  const rules = ordered.flatMap(({ policy, section, selects }) => {
    const hasRivals = ordered.some((other) => areRivals(policy, other.policy));
    return section.rules.map((rule): PlannedRule => {
      const decision = { policy, effect: EFFECTS[rule.action], rule, unknown: undefined };
      return { rule, policy, selects, decision, hasRivals };
    });
  });
  const isolating = ordered.filter(({ section }) => section.isolates);
  return {
    tier,
    rules: unionsDenyFirst(rules),
    isolation: isolating.flatMap(isolates),
    doubtful: isolating.flatMap(mayIsolate),
  };
}

interface Selecting {
  readonly policy: CompiledPolicy;
  readonly section: Section;
  /** True, or why it cannot be told. */
  readonly selects: Match;
}

/**
 * Whether nobody knows which of two policies comes first: the API leaves it open, or Calico, which goes by the names that
 * it keeps them under, has a policy of its own at the place of the NetworkPolicies. Source: projectcalico/calico
 * felix/calc/policy_sorter.go.
 */
export function areRivals(a: CompiledPolicy, b: CompiledPolicy): boolean {
  if (a === b || a.order !== b.order) return false;
  if (a.ties === 'undefined' || b.ties === 'undefined') return a.ties === b.ties;
  return a.ties !== b.ties;
}

function isolates({ policy, selects }: Selecting): Decision[] {
  if (selects !== true) return [];
  return [{ policy, effect: 'isolates', rule: undefined, unknown: undefined }];
}

function mayIsolate({ policy, selects }: Selecting): Decision[] {
  if (!isUnknown(selects)) return [];
  const why = `it may isolate the pod: ${selects.unknown}`;
  return [{ policy, effect: 'unknown', rule: undefined, unknown: why }];
}

const TIES = { union: 0, undefined: 1, 'by name': 2 } as const;

/** By place, then by name where the policies of one place are tried by it; else they stay as they are given. */
function inOrder({ policy: a }: Selecting, { policy: b }: Selecting): number {
  if (a.order !== b.order) return a.order - b.order;
  if (a.ties !== b.ties) return TIES[a.ties] - TIES[b.ties];
  return a.ties === 'by name' ? compare(a.name, b.name) || compare(a.kind, b.kind) : 0;
}

/** In each union of policies, the rules that deny before those that allow. */
function unionsDenyFirst(rules: readonly PlannedRule[]): PlannedRule[] {
  const denying = (order: number) =>
    rules.filter(({ policy, rule }) => isIn(policy, order) && rule.action === 'deny');
  const done = new Set<number>();
  return rules.flatMap((one) => {
    const { policy, rule } = one;
    if (policy.ties !== 'union') return [one];
    const rest = rule.action === 'deny' ? [] : [one];
    if (done.has(policy.order)) return rest;
    done.add(policy.order);
    return [...denying(policy.order), ...rest];
  });
}

function isIn(policy: CompiledPolicy, order: number): boolean {
  return policy.ties === 'union' && policy.order === order;
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
