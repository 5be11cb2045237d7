import type { Connection } from '../cluster/endpoint.js';
import type { ClusterState } from '../rules/cluster_state.js';
import { assumptionsOf } from '../rules/data_plane.js';
import { allOf, isUnknown, type Match } from '../rules/match.js';
import type { CompiledPolicy } from '../rules/policy.js';
import { isNetworkPolicy } from '../rules/policy_identity.js';
import { policyName } from './describe.js';
import { areRivals, type Plan, type PlannedRule, type PlannedTier } from './plan.js';
import type { Decision, Outcome, Verdict } from './verdict.js';

/** What is asked of a plan. */
export interface Passage {
  readonly plan: Plan;
  readonly connection: Connection;
  readonly cluster: ClusterState;
  /** Whether the other end is the pod's own node and NetworkPolicies do not bind what goes between the two. */
  readonly isUnbound: boolean;
  /** What is found on the way: the outcome from each tier on. */
  outcomes: Outcome[] | undefined;
}

/** Nothing said anything: what is not forbidden is allowed. */
const BY_DEFAULT: Outcome = { verdict: 'allowed', decisions: [] };

/** Protocols that NetworkPolicy defines; what becomes of others is left to the data plane. */
const DEFINED = new Set(['TCP', 'UDP', 'SCTP']);

/** A rule, or an isolation, of which nobody knows whether it holds, and what would become of the connection if it did. */
interface Doubt {
  readonly decision: Decision;
  readonly verdict: Verdict;
  /** Whether the rule holds, if only its policy selects the pod. */
  readonly isDecisive: boolean;
}

/** Takes a connection through the tiers from number `from` on. */
export function throughTiers(passage: Passage, from = 0): Outcome {
  const { plan } = passage;
  if (plan.unplaced.length > 0) return { verdict: 'unknown', decisions: plan.unplaced };
  const tier = plan.tiers[from];
  if (tier === undefined) return BY_DEFAULT;
  return throughTier(tier, passage, from + 1);
}

function throughTier(tier: PlannedTier, passage: Passage, next: number): Outcome {
  let doubts: Doubt[] | undefined;
  for (const planned of tier.rules) {
    if (planned.rule.action === 'log') continue;
    const holds = clausesHold(planned, passage);
    if (holds === false) continue;
    const outcome = outcomeOf(planned, tier, passage, next);
    if (holds === true && planned.selects === true) return settled(outcome, doubts);
    doubts ??= [];
    doubts.push({ decision: doubtOf(planned, holds), verdict: outcome.verdict, isDecisive: holds === true });
  }
  for (const decision of tier.doubtful) {
    // If it selects the pod, the rule that holds decides before its isolation does.
    if (doubts?.some((doubt) => doubt.isDecisive && doubt.decision.policy === decision.policy)) continue;
    doubts ??= [];
    doubts.push({ decision, verdict: isolated(tier, [decision], passage, next).verdict, isDecisive: false });
  }
  return settled(endOf(tier, passage, next), doubts);
}

/** Whether all that a rule asks of the connection holds. */
function clausesHold({ rule }: PlannedRule, { connection, cluster }: Passage): Match {
  return allOf(rule.clauses, (clause) => clause.holds(connection, cluster));
}

/** A rule of which it cannot be told whether it holds, or whether its policy selects the pod. */
function doubtOf({ decision, selects }: PlannedRule, holds: Match): Decision {
  const why = [holds, selects].find(isUnknown)?.unknown;
  return { ...decision, effect: 'unknown', unknown: why };
}

/** The outcome, unless one of the doubts would turn it. */
function settled(outcome: Outcome, doubts: readonly Doubt[] | undefined): Outcome {
  if (doubts === undefined || doubts.every(({ verdict }) => verdict === outcome.verdict)) return outcome;
  return { verdict: 'unknown', decisions: doubts.map(({ decision }) => decision) };
}

/** What a rule that matches makes of the connection. */
function outcomeOf(planned: PlannedRule, tier: PlannedTier, passage: Passage, next: number): Outcome {
  const { rule, decision, policy } = planned;
  const rival = planned.hasRivals ? rivalOf(planned, tier, passage, next) : undefined;
  if (rival !== undefined) {
    const place = policy.ties === rival.ties ? 'priority' : 'order';
    const why = `it has the same ${place} as ${policyName(rival)}, which says otherwise`;
    return { verdict: 'unknown', decisions: [{ ...decision, effect: 'unknown', unknown: why }] };
  }
  if (isNetworkPolicy(policy) && !isDefined(passage)) return undefinedBy([decision], passage);
  if (rule.action === 'allow') return { verdict: 'allowed', decisions: [decision] };
  if (rule.action === 'deny') return { verdict: 'denied', decisions: [decision] };
  return passedOn([decision], beyond(passage, next));
}

/** Another policy of the same place, nobody knowing which comes first, that makes something else of the connection. */
function rivalOf(
  planned: PlannedRule,
  tier: PlannedTier,
  passage: Passage,
  next: number,
): CompiledPolicy | undefined {
  const { policy } = planned;
  const verdict = verdictOf(planned, passage, next);
  const tried = new Set<CompiledPolicy>();
  for (const other of tier.rules) {
    if (!areRivals(policy, other.policy) || other.rule.action === 'log') continue;
    const holds = clausesHold(other, passage);
    if (holds === false || tried.has(other.policy)) continue;
    // After a rule that holds none of its policy is tried; after one of which nobody knows the next may be.
    if (holds === true) tried.add(other.policy);
    if (verdictOf(other, passage, next) !== verdict) return other.policy;
    // Of those that go by name, none comes before the first that decides.
    if (other.policy.ties === 'by name' && holds === true && other.selects === true) break;
  }
  return undefined;
}

function verdictOf({ rule }: PlannedRule, passage: Passage, next: number): Verdict {
  if (rule.action === 'allow') return 'allowed';
  return rule.action === 'deny' ? 'denied' : beyond(passage, next).verdict;
}

/** What becomes of a connection that no rule of the tier matches. */
function endOf(tier: PlannedTier, passage: Passage, next: number): Outcome {
  const { isolation } = tier;
  return isolation.length === 0 ? beyond(passage, next) : isolated(tier, isolation, passage, next);
}

/**
 * What becomes of it where these policies isolate the pod. NetworkPolicies that isolate it leave its own node free, and
 * so speak for the namespace: no baseline is asked.
 */
function isolated(
  { tier }: PlannedTier,
  decisions: readonly Decision[],
  passage: Passage,
  next: number,
): Outcome {
  if (tier.defaultAction === 'pass') {
    const passes = decisions.map((one): Decision => ({ ...one, effect: 'passes' }));
    return passedOn(passes, beyond(passage, next));
  }
  if (passage.isUnbound) return BY_DEFAULT;
  return isDefined(passage) ? { verdict: 'denied', decisions } : undefinedBy(decisions, passage);
}

/** Whether NetworkPolicy, or the data plane, says what becomes of the connection's protocol, allowed or isolated. */
function isDefined({ connection, cluster, isUnbound }: Passage): boolean {
  return (
    isUnbound || assumptionsOf(cluster.dataPlane).definesOtherProtocols || DEFINED.has(connection.protocol)
  );
}

function undefinedBy(decisions: readonly Decision[], { connection }: Passage): Outcome {
  const unknown = `NetworkPolicy does not define ${connection.protocol}`;
  return { verdict: 'unknown', decisions: decisions.map((one) => ({ ...one, effect: 'unknown', unknown })) };
}

/** What the tiers after this one make of the connection; found once, however many rules pass it on. */
function beyond(passage: Passage, next: number): Outcome {
  passage.outcomes ??= [];
  passage.outcomes[next] ??= throughTiers(passage, next);
  return passage.outcomes[next];
}

function passedOn(passes: readonly Decision[], { verdict, decisions }: Outcome): Outcome {
  return { verdict, decisions: [...passes, ...decisions] };
}
