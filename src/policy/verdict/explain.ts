import type { Connection } from '../cluster/endpoint.js';
import { isAboutEnd } from '../rules/clause.js';
import type { ClusterState } from '../rules/cluster_state.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';
import { isSamePolicy } from '../rules/policy_identity.js';
import type { Decision, DirectionVerdict, Effect, Outcome, Reason } from './verdict.js';

/** One policy's part in a verdict, with its reason. */
export interface Explained {
  readonly policy: CompiledPolicy;
  readonly effect: Effect;
  /** The rule that decides, else the nearest of those that fail; undefined for a policy without rules. */
  readonly rule: Rule | undefined;
  /** As a clause: `ingress rule 2 allows pods app=checkout, the source pod has app=checkout-v2`. */
  readonly why: string;
}

/**
 * A verdict's decisions with their reasons; for a policy of several specs the nearest of them. Those that isolate the pod
 * come last, the nearest first.
 */
export function explain(verdict: DirectionVerdict, cluster: ClusterState): Explained[] {
  const { outcome = verdict as Outcome } = verdict;
  outcome.reasons ??= reasonsOf(verdict, cluster);
  return outcome.reasons.map((reason) => new Explanation(reason, verdict, cluster));
}

function reasonsOf(verdict: DirectionVerdict, cluster: ClusterState): Reason[] {
  const all: Reason[] = [];
  for (const decision of verdict.decisions) {
    const one =
      decision.effect === 'isolates' ? nearestOf(decision, verdict, cluster) : { ...decision, distance: 0 };
    const last = all.at(-1);
    if (last === undefined || !isSameEffect(last, one)) all.push(one);
    else if (one.distance < last.distance) all[all.length - 1] = one;
  }
  // What decides by a rule is at no distance, and stays in its place before what isolates.
  return all.sort((a, b) => a.distance - b.distance);
}

/** Specs of one policy stand side by side. */
function isSameEffect(a: Reason, b: Reason): boolean {
  return a.effect === b.effect && isSamePolicy(a.policy, b.policy);
}

/** Farther than any rule: a policy of several specs is explained by one that has rules, where there is one. */
const FARTHEST = 1_000;

/** A policy that isolates the pod, with the nearest of its rules: none lets the connection through. */
function nearestOf(
  decision: Decision,
  { direction, connection }: DirectionVerdict,
  cluster: ClusterState,
): Reason {
  let nearest: Rule | undefined;
  let distance = FARTHEST;
  for (const rule of decision.policy.sections[direction]?.rules ?? []) {
    if (rule.action !== 'allow') continue;
    const one = distanceOf(rule, connection, cluster);
    if (one >= distance) continue;
    nearest = rule;
    distance = one;
  }
  return { ...decision, rule: nearest, distance };
}

function distanceOf({ clauses }: Rule, connection: Connection, cluster: ClusterState): number {
  let distance = 0;
  for (const clause of clauses) {
    if (clause.holds(connection, cluster) === false) distance += clause.miss(connection, cluster).distance;
  }
  return distance;
}

/** A reason as it is for one connection: put in words only when somebody asks, as millions are counted for one read. */
class Explanation implements Explained {
  constructor(
    private readonly reason: Reason,
    private readonly verdict: DirectionVerdict,
    private readonly cluster: ClusterState,
  ) {}

  get policy(): CompiledPolicy {
    return this.reason.policy;
  }

  get effect(): Effect {
    return this.reason.effect;
  }

  get rule(): Rule | undefined {
    return this.reason.rule;
  }

  get why(): string {
    const { reason, verdict, cluster } = this;
    const { effect, policy, rule } = reason;
    if (effect !== 'isolates') return plainReason(reason);
    return rule === undefined
      ? allowsNothing(policy, verdict.direction)
      : missSaid(rule, verdict.connection, cluster);
  }
}

function plainReason({ effect, rule, unknown }: Reason): string {
  if (rule === undefined) return unknown ?? 'its tier passes on what no rule matches';
  return effect === 'unknown'
    ? `${rule.label} may ${VERBS[rule.action]} it: ${unknown}`
    : `${rule.label} ${effect} it`;
}

const VERBS = { allow: 'allow', deny: 'deny', pass: 'pass on', log: 'log' } as const;

function missSaid(rule: Rule, connection: Connection, cluster: ClusterState): string {
  let asks = '';
  let actual = '';
  for (const clause of rule.clauses) {
    if (clause.holds(connection, cluster) !== false) continue;
    const miss = clause.miss(connection, cluster);
    if (asks === '') asks = isAboutEnd(clause) ? miss.asks : `only ${miss.asks}`;
    else asks += ` ${clause.preposition} ${miss.asks}`;
    actual += actual === '' ? miss.actual : ` and ${miss.actual}`;
  }
  return `${rule.label} allows ${asks}, ${actual}`;
}

function allowsNothing({ sections }: CompiledPolicy, direction: Direction): string {
  return sections[direction]?.rules.length === 0
    ? `it has no ${direction} rules, so it allows nothing`
    : `none of its ${direction} rules allows anything`;
}
