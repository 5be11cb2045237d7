import type { ClusterState, Connection, Pod, PodEndpoint } from '../cluster/cluster_state.js';
import { EndClause } from '../rules/end_clause.js';
import { allOf, isUnknown, type Match } from '../rules/match.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';
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
  /** What the isolating policies do to what no rule of the tier matches; empty when there are none. */
  readonly isolating: readonly Decision[];
}

/** A rule at its place in a plan. */
export interface PlannedRule {
  readonly policy: CompiledPolicy;
  readonly rule: Rule;
  readonly matches: (connection: Connection) => Match;
  /** What the policy does where the rule matches. */
  readonly decision: Decision;
}

const EFFECTS = { allow: 'allows', deny: 'denies', pass: 'passes', log: 'passes' } as const;

/** Makes plans; what a clause says of a pod is found once for all of them. */
export class Planner {
  /** By direction and pod. */
  private readonly plans = { egress: new Map<Pod, Plan>(), ingress: new Map<Pod, Plan>() };
  private readonly ends = new Map<EndClause, (connection: Connection) => Match>();

  constructor(private readonly cluster: ClusterState) {}

  planOf(direction: Direction, endpoint: PodEndpoint): Plan {
    const plans = this.plans[direction];
    const made = plans.get(endpoint.pod);
    if (made !== undefined) return made;
    const plan = this.make(direction, endpoint);
    plans.set(endpoint.pod, plan);
    return plan;
  }

  private make(direction: Direction, endpoint: PodEndpoint): Plan {
    const { namespace } = endpoint.pod;
    const all = [...this.cluster.policies(null), ...this.cluster.policies(namespace)];
    const tiers = new Map<string, { tier: Tier; selecting: Selecting[] }>();
    const unplaced: Decision[] = [];
    for (const policy of all) {
      if (policy.sections[direction] === undefined) continue;
      const selects = policy.selects.has(endpoint, this.cluster);
      if (selects === false) continue;
      const tier = this.cluster.tier(policy.tier);
      if (tier === undefined) {
        const why = `its tier ${policy.tier} was not recorded`;
        unplaced.push({ policy, effect: 'unknown', rule: undefined, unknown: why });
        continue;
      }
      const planned = tiers.get(tier.name) ?? { tier, selecting: [] };
      planned.selecting.push({ policy, selects });
      tiers.set(tier.name, planned);
    }
    const ordered = [...tiers.values()].sort(
      (a, b) => a.tier.order - b.tier.order || (a.tier.name < b.tier.name ? -1 : 1),
    );
    return {
      tiers: ordered.map(({ tier, selecting }) => this.plannedTier(direction, tier, selecting)),
      unplaced,
    };
  }

  private plannedTier(direction: Direction, tier: Tier, selecting: readonly Selecting[]): PlannedTier {
    const ordered = [...selecting].sort(inOrder);
    const rules = ordered.flatMap(({ policy, selects }) =>
      (policy.sections[direction]?.rules ?? []).map((rule) => this.plannedRule(policy, rule, selects)),
    );
    const isolating = ordered.flatMap(({ policy, selects }): Decision[] => {
      if (policy.sections[direction]?.isolates !== true) return [];
      if (selects === true) return [{ policy, effect: 'isolates', rule: undefined, unknown: undefined }];
      if (!isUnknown(selects)) return [];
      const why = `it may isolate the pod: ${selects.unknown}`;
      return [{ policy, effect: 'unknown', rule: undefined, unknown: why }];
    });
    return { tier, rules: unionsDenyFirst(rules), isolating };
  }

  private plannedRule(policy: CompiledPolicy, rule: Rule, selects: Match): PlannedRule {
    const clauses = rule.clauses.map((clause) =>
      clause instanceof EndClause
        ? this.boundEnd(clause)
        : (connection: Connection) => clause.holds(connection, this.cluster),
    );
    const [first, second] = clauses;
    const matches =
      first === undefined
        ? () => true
        : second === undefined
          ? first
          : (connection: Connection) => allOf(clauses, (holds) => holds(connection));
    const decision = { policy, effect: EFFECTS[rule.action], rule, unknown: undefined };
    if (selects === true) return { policy, rule, matches, decision };
    return {
      policy,
      rule,
      matches: (connection) => (matches(connection) === false ? false : selects),
      decision,
    };
  }

  /** The clause, remembering what it said of each pod. */
  private boundEnd(clause: EndClause): (connection: Connection) => Match {
    const bound = this.ends.get(clause);
    if (bound !== undefined) return bound;
    const { end } = clause;
    const { cluster } = this;
    // A pod has one address of each family at most, and an address block looks at the one in use.
    const families = { v4: new Map<Pod, Match>(), v6: new Map<Pod, Match>() };
    const holds = (connection: Connection): Match => {
      const endpoint = connection[end];
      if (endpoint.kind !== 'pod') return clause.has(endpoint, cluster);
      const known = endpoint.ip?.length === 16 ? families.v6 : families.v4;
      const before = known.get(endpoint.pod);
      if (before !== undefined) return before;
      const match = clause.has(endpoint, cluster);
      known.set(endpoint.pod, match);
      return match;
    };
    this.ends.set(clause, holds);
    return holds;
  }
}

interface Selecting {
  readonly policy: CompiledPolicy;
  /** True, or why it cannot be told. */
  readonly selects: Match;
}

/** By place, then by name, which counts only where the policies of one place are tried by it. */
function inOrder({ policy: a }: Selecting, { policy: b }: Selecting): number {
  if (a.order !== b.order) return a.order - b.order;
  if (a.ties !== b.ties) return a.ties === 'union' ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
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
