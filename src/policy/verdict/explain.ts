import type { ClusterState, Connection } from '../cluster/cluster_state.js';
import { EndClause } from '../rules/end_clause.js';
import { type Miss, nearestOf } from '../rules/miss.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';
import type { Decision, DirectionVerdict, Effect } from './verdict.js';

/** One policy's part in a verdict, with its reason. */
export interface Explained {
  readonly policy: CompiledPolicy;
  readonly effect: Effect;
  /** The rule that decides, else the nearest of those that fail; undefined for a policy without rules. */
  readonly rule: Rule | undefined;
  /** As a clause: `ingress rule 2 allows pods app=checkout, the source pod has app=checkout-v2`. */
  readonly why: string;
}

/** A verdict's decisions with their reasons; for a policy of several specs the nearest of them. */
export function explain(
  verdict: DirectionVerdict,
  connection: Connection,
  cluster: ClusterState,
): Explained[] {
  const all = verdict.decisions.map((decision) =>
    explained(decision, verdict.direction, connection, cluster),
  );
  const nearest = new Map<string, (typeof all)[number]>();
  for (const one of all) {
    const { kind, apiVersion, namespace, name } = one.policy;
    const key = `${one.effect} ${apiVersion} ${kind} ${namespace} ${name}`;
    const other = nearest.get(key);
    if (other === undefined || one.distance < other.distance) nearest.set(key, one);
  }
  return [...nearest.values()].map(({ policy, effect, rule, why }) => ({ policy, effect, rule, why }));
}

function explained(
  { policy, effect, rule, unknown }: Decision,
  direction: Direction,
  connection: Connection,
  cluster: ClusterState,
): Explained & { readonly distance: number } {
  if (effect === 'unknown') {
    const why = rule === undefined ? unknown : `${rule.label} may ${VERBS[rule.action]} it: ${unknown}`;
    return { policy, effect, rule, why: why ?? '', distance: 0 };
  }
  if (rule !== undefined) return { policy, effect, rule, why: `${rule.label} ${effect} it`, distance: 0 };
  return { policy, effect, ...nearestMiss(policy, direction, connection, cluster) };
}

const VERBS = { allow: 'allow', deny: 'deny', pass: 'pass on', log: 'log' } as const;

/** Why no rule of an isolating policy lets the connection through: the nearest of those that might have. */
function nearestMiss(
  policy: CompiledPolicy,
  direction: Direction,
  connection: Connection,
  cluster: ClusterState,
) {
  const rules = (policy.sections[direction]?.rules ?? []).filter(({ action }) => action === 'allow');
  const nearest = nearestOf(rules.map((rule) => missOf(rule, connection, cluster)));
  if (nearest === undefined) {
    return { rule: undefined, why: `it has no ${direction} rules, so it allows nothing`, distance: 100 };
  }
  const { rule, distance, asks, actual } = nearest;
  return { rule, distance, why: `${rule.label} allows ${asks}, ${actual}` };
}

function missOf(rule: Rule, connection: Connection, cluster: ClusterState): Miss & { rule: Rule } {
  const missed = rule.clauses
    .filter((clause) => clause.holds(connection, cluster) === false)
    .map((clause) => ({ clause, miss: clause.miss(connection, cluster) }));
  return {
    rule,
    distance: missed.reduce((sum, { miss }) => sum + miss.distance, 0),
    asks:
      (missed[0]?.clause instanceof EndClause ? '' : 'only ') +
      missed
        .map(({ clause, miss }, i) => (i === 0 ? miss.asks : `${clause.preposition} ${miss.asks}`))
        .join(' '),
    actual: missed.map(({ miss }) => miss.actual).join(' and '),
  };
}
