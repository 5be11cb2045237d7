import type { Verdict } from '../verdict/verdict.js';
import { isPolicyDecision, isWithoutReason, policyDropper } from './drop_reasons.js';
import type { SeenBy } from './dropped_packet.js';

/**
 * How sure it is that a policy dropped a connection. `proven`: the data plane named the policy. `consistent`: the
 * kernel's reason is one that a policy's data plane gives and the policies deny the connection. `not a policy`: they
 * allow it, or no data plane of policies gives that reason. `unknown`: the recording lacks what would tell.
 */
export type Grade = 'proven' | 'consistent' | 'not a policy' | 'unknown';

export interface GradedAnswer {
  readonly grade: Grade;
  /** One sentence. */
  readonly why: string;
}

/** What is known of a drop: who saw it, and the reason that was given. */
export interface GivenReason {
  readonly reason: string;
  readonly seenBy: SeenBy;
}

/**
 * Grades one dropped connection by the reason given and the evaluator's verdict, whose words `because` gives.
 * @param leftOut policies that the verdict leaves out: any of these may have dropped what the others allow.
 */
export function gradeDrop(
  { reason, seenBy }: GivenReason,
  verdict: Verdict,
  because: string,
  leftOut: readonly string[] = [],
): GradedAnswer {
  if (isPolicyDecision(reason, seenBy)) return gradeDecision(reason, verdict, because);
  const dropper = policyDropper(reason);
  const silent = isWithoutReason(reason);
  if (dropper === undefined && !silent) {
    return { grade: 'not a policy', why: `${reason} is not a reason that a policy's data plane gives.` };
  }
  if (verdict === 'allowed' && leftOut.length > 0) {
    return { grade: 'unknown', why: `Cannot be judged: the policies that can be allow it (${because}).` };
  }
  if (verdict === 'allowed') {
    const instead =
      dropper === undefined ? 'something else dropped it' : `another rule of ${dropper} dropped it`;
    return { grade: 'not a policy', why: `The policies allow the connection (${because}): ${instead}.` };
  }
  if (verdict === 'unknown') return { grade: 'unknown', why: `Cannot be judged: ${because}.` };
  if (silent)
    return { grade: 'unknown', why: `The policies deny it (${because}), but the kernel gave no reason.` };
  return { grade: 'consistent', why: `${reason} fits: ${because}.` };
}

/** A policy decided, says the data plane, without naming it. */
function gradeDecision(reason: string, verdict: Verdict, because: string): GradedAnswer {
  if (verdict === 'denied') return { grade: 'consistent', why: `${reason} fits: ${because}.` };
  const which =
    verdict === 'allowed' ? `those recorded allow it (${because})` : `which one cannot be judged: ${because}`;
  return { grade: 'unknown', why: `${reason} says that a policy denied it; ${which}.` };
}

/** Grades a connection whose denial the data plane laid to policies by name. */
export function gradeNamed(named: string, seenBy: SeenBy, verdict: Verdict, because: string): GradedAnswer {
  const said = `${TOOL_NAMES[seenBy]} names ${named}.`;
  if (verdict === 'unknown') return { grade: 'proven', why: said };
  const agrees =
    verdict === 'denied' ? 'The policies recorded deny it' : 'Yet the policies recorded allow it';
  return { grade: 'proven', why: `${said} ${agrees}: ${because}.` };
}

const TOOL_NAMES: Readonly<Record<SeenBy, string>> = {
  kernel: 'The kernel',
  hubble: 'Hubble',
  netobserv: 'netobserv',
};
