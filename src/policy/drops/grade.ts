import type { Verdict } from '../verdict/verdict.js';
import { isWithoutReason, policyDropper } from './drop_reasons.js';

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

/** Grades one dropped connection by the kernel's reason and the evaluator's verdict, whose words `because` gives. */
export function gradeDrop(reason: string, verdict: Verdict, because: string): GradedAnswer {
  const dropper = policyDropper(reason);
  const silent = isWithoutReason(reason);
  if (dropper === undefined && !silent) {
    return { grade: 'not a policy', why: `${reason} is not a reason that a policy's data plane gives.` };
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
