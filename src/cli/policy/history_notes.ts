import { objectSaid } from '../../policy/history/changed_object.js';
import type { Change } from '../../policy/history/changes.js';
import { turningPoint } from '../../policy/history/turning_point.js';
import type { Answer } from '../../policy/questions/explain/answer.js';
import type { Pair } from '../../policy/questions/explain/pairs.js';
import { DIRECTIONS, type Direction } from '../../policy/rules/policy.js';
import type { Verdict } from '../../policy/verdict/verdict.js';
import { formatTime, shortTime } from '../../tape/time.js';
import type { Source } from './source.js';

/** What last changed in a direction of an answer. */
export interface LastChange {
  readonly direction: Direction;
  readonly change: Change;
  /** The verdicts on the connection before the change and now. */
  readonly before: Verdict;
  readonly now: Verdict;
}

/** Of a tape: what last changed in each direction that decides, and whether it turned the verdict. */
export function lastChanges(
  { timeline, range }: Source,
  time: bigint,
  [pair]: readonly Pair[],
  answer: Answer,
): LastChange[] {
  if (range === undefined || pair === undefined) return [];
  return DIRECTIONS.flatMap((direction) => {
    const { verdict: now, policies } = answer[direction];
    const isDecisive = policies.length > 0 && now === answer.verdict;
    const turn = isDecisive ? turningPoint(timeline, pair.connection, direction, time) : undefined;
    return turn === undefined ? [] : { direction, ...turn, now };
  });
}

/** As a sentence. */
export function lastChangeSaid({ direction, change, before, now }: LastChange): string {
  const was = before === now ? `it was ${before} before that as well` : `before that it was ${before}`;
  return `Last change for ${direction}: ${objectSaid(change.object)} at ${shortTime(change.time)}: ${change.what}; ${was}.`;
}

/** As in JSON. */
export function lastChangeJson({ direction, change: { time, object, what }, before }: LastChange) {
  return { direction, time: formatTime(time), object, what, before };
}
