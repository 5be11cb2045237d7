import type { Connection } from '../cluster/endpoint.js';
import type { CompiledPolicy, Direction, Rule } from '../rules/policy.js';

export type Verdict = 'allowed' | 'denied' | 'unknown';

/**
 * What a policy does to a connection. `isolates`: it selects the pod, and no rule lets the connection through.
 * `unknown`: whether it allows, denies or passes it on cannot be told.
 */
export type Effect = 'isolates' | 'allows' | 'denies' | 'passes' | 'unknown';

/** One policy's part in a verdict. */
export interface Decision {
  readonly policy: CompiledPolicy;
  readonly effect: Effect;
  /** The rule that decides; undefined where none does. */
  readonly rule: Rule | undefined;
  /** For the effect `unknown`: what is not known, as a clause. */
  readonly unknown: string | undefined;
}

/** A decision, and what is nearest to letting the connection through where it isolates the pod. */
export interface Reason extends Decision {
  /** How far the nearest rule is from holding; zero where a rule decides. */
  readonly distance: number;
}

/** What the policies that select a pod make of a connection, and of all others that are the same to them. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Those that decide it, those that passed it on first; empty where no policy has a part in it. */
  readonly decisions: readonly Decision[];
  /** The reasons, once somebody has asked for them. */
  reasons?: readonly Reason[];
}

/** The verdict of one direction: egress is judged at the source pod, ingress at the destination pod. */
export interface DirectionVerdict {
  readonly direction: Direction;
  /** What was judged; of a connection to a service, that to the first of its endpoints. */
  readonly connection: Connection;
  readonly verdict: Verdict;
  /** The policies that decide it, those that passed it on first; empty where no policy has a part in it. */
  readonly decisions: readonly Decision[];
  /** Why, as a clause, where no policy has a part in it: `no policy selects the source pod`. */
  readonly otherwise: string | undefined;
  /** Where policies have a part in it. */
  readonly outcome?: Outcome | undefined;
}

export interface ConnectionVerdict {
  readonly verdict: Verdict;
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}

/** The verdict on a whole: one part that denies is enough to deny. */
export function worse(a: Verdict, b: Verdict): Verdict {
  if (a === 'denied' || b === 'denied') return 'denied';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'allowed';
}
