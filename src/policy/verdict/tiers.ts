import type { Connection } from '../cluster/cluster_state.js';
import type { Assumptions } from '../rules/data_plane.js';
import type { CompiledPolicy } from '../rules/policy.js';
import type { Plan, PlannedRule, PlannedTier } from './plan.js';
import type { Decision, Verdict } from './verdict.js';

/** What the tiers of a plan, from one of them on, make of a connection. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Empty where no policy said anything. */
  readonly decisions: readonly Decision[];
}

/** What is asked of a plan. */
export interface Passage {
  readonly plan: Plan;
  readonly connection: Connection;
  readonly assumptions: Assumptions;
  /** Whether the connection is one that Kubernetes' NetworkPolicies do not bind: that of a pod with its own node. */
  readonly isFreeOfNetworkPolicies: boolean;
}

/** Nothing said anything: what is not forbidden is allowed. */
const BY_DEFAULT: Outcome = { verdict: 'allowed', decisions: [] };

/** Protocols that NetworkPolicy defines; what becomes of others is left to the data plane. */
const DEFINED = new Set(['TCP', 'UDP', 'SCTP']);

/** A rule, or an isolation, of which nobody knows whether it holds, and what would become of the connection if it did. */
interface Doubt {
  readonly decision: Decision;
  readonly verdict: Verdict;
}

/** Takes a connection through the tiers from number `from` on. */
export function throughTiers(passage: Passage, from = 0): Outcome {
  const { plan } = passage;
  if (plan.unplaced.length > 0) return { verdict: 'unknown', decisions: plan.unplaced };
  const tier = plan.tiers[from];
  if (tier === undefined) return BY_DEFAULT;
  let next: Outcome | undefined;
  const beyond = () => {
    next ??= throughTiers(passage, from + 1);
    return next;
  };
  return throughTier(passage.isFreeOfNetworkPolicies ? withoutNetworkPolicies(tier) : tier, passage, beyond);
}

function throughTier(tier: PlannedTier, passage: Passage, beyond: () => Outcome): Outcome {
  const doubts: Doubt[] = [];
  for (const planned of tier.rules) {
    const match = planned.matches(passage.connection);
    if (match === false || planned.rule.action === 'log') continue;
    if (match === true) return settled(outcomeOf(planned, tier, passage, beyond), doubts);
    const decision: Decision = { ...planned.decision, effect: 'unknown', unknown: match.unknown };
    doubts.push({ decision, verdict: outcomeOf(planned, tier, passage, beyond).verdict });
  }
  for (const decision of tier.isolating) {
    if (decision.effect === 'unknown') doubts.push({ decision, verdict: 'denied' });
  }
  return settled(endOf(tier, passage, beyond), doubts);
}

/** The outcome, unless one of the doubts would turn it. */
function settled(outcome: Outcome, doubts: readonly Doubt[]): Outcome {
  if (doubts.every(({ verdict }) => verdict === outcome.verdict)) return outcome;
  return { verdict: 'unknown', decisions: doubts.map(({ decision }) => decision) };
}

/** What a rule that matches makes of the connection. */
function outcomeOf(
  planned: PlannedRule,
  tier: PlannedTier,
  { connection }: Passage,
  beyond: () => Outcome,
): Outcome {
  const { rule, decision, policy } = planned;
  const rival = policy.ties === 'undefined' ? rivalOf(planned, tier, connection) : undefined;
  if (rival !== undefined) {
    const why = `it has the same priority as ${rival.kind} ${rival.name}, which says otherwise`;
    return { verdict: 'unknown', decisions: [{ ...decision, effect: 'unknown', unknown: why }] };
  }
  if (rule.action === 'allow') return { verdict: 'allowed', decisions: [decision] };
  if (rule.action === 'deny') return { verdict: 'denied', decisions: [decision] };
  return passedOn([decision], beyond());
}

/** Another policy of the same place, nobody knowing which comes first, that does something else to the connection. */
function rivalOf(
  { policy, rule }: PlannedRule,
  { rules }: PlannedTier,
  connection: Connection,
): CompiledPolicy | undefined {
  const tried = new Set([policy]);
  for (const other of rules) {
    if (other.policy.order !== policy.order || other.policy.ties !== 'undefined') continue;
    if (tried.has(other.policy) || other.matches(connection) === false) continue;
    tried.add(other.policy);
    if (other.rule.action !== rule.action) return other.policy;
  }
  return undefined;
}

/** What becomes of a connection that no rule of the tier matches. */
function endOf({ tier, isolating }: PlannedTier, passage: Passage, beyond: () => Outcome): Outcome {
  const sure = isolating.filter(({ effect }) => effect === 'isolates');
  if (sure.length === 0) return beyond();
  if (tier.defaultAction === 'pass') {
    return passedOn(
      sure.map((one) => ({ ...one, effect: 'passes' })),
      beyond(),
    );
  }
  const { connection, assumptions } = passage;
  const isDefined = assumptions.isolatesOtherProtocols || DEFINED.has(connection.protocol);
  if (isDefined) return { verdict: 'denied', decisions: sure };
  const why = `NetworkPolicy does not define ${connection.protocol}`;
  return { verdict: 'unknown', decisions: sure.map((one) => ({ ...one, effect: 'unknown', unknown: why })) };
}

function passedOn(passes: readonly Decision[], { verdict, decisions }: Outcome): Outcome {
  return { verdict, decisions: [...passes, ...decisions] };
}

function withoutNetworkPolicies({ tier, rules, isolating }: PlannedTier): PlannedTier {
  const stays = ({ policy }: { readonly policy: CompiledPolicy }) =>
    !policy.apiVersion.startsWith('networking.k8s.io/');
  return { tier, rules: rules.filter(stays), isolating: isolating.filter(stays) };
}
