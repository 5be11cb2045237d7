import type { ClusterState, Connection } from '../cluster/cluster_state.js';
import { peerEndOf } from '../cluster/ends.js';
import type { Clause } from '../rules/clause.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';
import { isSamePolicy } from '../rules/policy_identity.js';
import { type BoundRule, ClauseMemory } from './clause_memory.js';
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

/** What a verdict is asked about. */
interface Question {
  readonly connection: Connection;
  readonly cluster: ClusterState;
  readonly memory: ClauseMemory;
  readonly direction: Direction;
  /** Number of the connection's other end in the memory. */
  readonly peer: number;
}

/**
 * A verdict's decisions with their reasons; for a policy of several specs the nearest of them. Those that isolate the pod
 * come last, the nearest first.
 * @param memory of the evaluator that gave the verdict.
 */
export function explain(
  verdict: DirectionVerdict,
  cluster: ClusterState,
  memory = new ClauseMemory(cluster),
): Explained[] {
  const { connection, direction } = verdict;
  const peer = memory.numberOf(peerEndOf(direction, connection));
  const question = { connection, direction, cluster, memory, peer };
  const all: (Explained & { readonly distance: number })[] = [];
  for (const decision of verdict.decisions) {
    const one = decision.effect === 'isolates' ? new Isolation(decision.policy, question) : plain(decision);
    const last = all.at(-1);
    if (last === undefined || !isSameEffect(last, one)) all.push(one);
    else if (one.distance < last.distance) all[all.length - 1] = one;
  }
  return all.sort((a, b) => rankOf(a) - rankOf(b));
}

/** What decides by a rule stays in its place before what isolates. */
function rankOf({ effect, distance }: Explained & { readonly distance: number }): number {
  return effect === 'isolates' ? distance : -1;
}

/** Specs of one policy stand side by side. */
function isSameEffect(a: Explained, b: Explained): boolean {
  return a.effect === b.effect && isSamePolicy(a.policy, b.policy);
}

function plain({ policy, effect, rule, unknown }: Decision): Explained & { readonly distance: number } {
  return { policy, effect, rule, why: plainReason(effect, rule, unknown), distance: 0 };
}

function plainReason(effect: Effect, rule: Rule | undefined, unknown: string | undefined): string {
  if (rule === undefined) return unknown ?? 'its tier passes on what no rule matches';
  return effect === 'unknown'
    ? `${rule.label} may ${VERBS[rule.action]} it: ${unknown}`
    : `${rule.label} ${effect} it`;
}

const VERBS = { allow: 'allow', deny: 'deny', pass: 'pass on', log: 'log' } as const;

/** Farther than any rule: a policy of several specs is explained by one that has rules, where there is one. */
const FARTHEST = 1_000;

/** A policy that isolates the pod: no rule of it lets the connection through. */
class Isolation implements Explained {
  readonly effect = 'isolates';
  readonly rule: Rule | undefined;
  readonly distance: number;
  private readonly nearest: BoundRule | undefined;

  constructor(
    readonly policy: CompiledPolicy,
    private readonly question: Question,
  ) {
    const { direction, connection, memory, peer } = question;
    let distance = FARTHEST;
    for (const bound of memory.allowingRules(policy, direction)) {
      const one = distanceOf(bound, connection, peer);
      if (one >= distance) continue;
      this.nearest = bound;
      distance = one;
    }
    this.distance = distance;
    this.rule = this.nearest?.rule;
  }

  /** Put in words only when somebody asks: millions of verdicts are counted for one that is read. */
  get why(): string {
    const { direction, connection, cluster, peer } = this.question;
    if (this.nearest === undefined) return allowsNothing(this.policy, direction);
    let asks = '';
    let actual = '';
    for (const bound of this.nearest.clauses) {
      if (bound.holds(connection, peer) !== false) continue;
      const { clause } = bound;
      const miss = clause.miss(connection, cluster);
      if (asks === '') asks = isAboutEnd(clause) ? miss.asks : `only ${miss.asks}`;
      else asks += ` ${clause.preposition} ${miss.asks}`;
      actual += actual === '' ? miss.actual : ` and ${miss.actual}`;
    }
    return `${this.nearest.rule.label} allows ${asks}, ${actual}`;
  }
}

function distanceOf({ clauses }: BoundRule, connection: Connection, peer: number): number {
  let distance = 0;
  for (const clause of clauses) distance += clause.distance(connection, peer);
  return distance;
}

function isAboutEnd({ preposition }: Clause): boolean {
  return preposition === 'from' || preposition === 'to';
}

function allowsNothing({ sections }: CompiledPolicy, direction: Direction): string {
  return sections[direction]?.rules.length === 0
    ? `it has no ${direction} rules, so it allows nothing`
    : `none of its ${direction} rules allows anything`;
}
