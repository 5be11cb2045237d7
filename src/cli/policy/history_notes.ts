import { turningPoint } from '../../policy/history/turning_point.js';
import type { Answer } from '../../policy/questions/answer.js';
import { notRecorded } from '../../policy/questions/matrix_notes.js';
import type { Pair } from '../../policy/questions/pairs.js';
import { DIRECTIONS } from '../../policy/rules/policy.js';
import { formatTime } from '../../tape/time.js';
import type { Source } from './source.js';

/** Of a tape: what last changed and whether it turned the verdict, and what nobody recorded. */
export function historyNotes(source: Source, time: bigint, pairs: readonly Pair[], answer: Answer): string[] {
  if (source.range === undefined) return [];
  return [...changeNotes(source, time, pairs, answer), ...notRecorded(source.timeline)];
}

function changeNotes({ timeline }: Source, time: bigint, [pair]: readonly Pair[], answer: Answer): string[] {
  return DIRECTIONS.flatMap((direction) => {
    const { verdict, policies } = answer[direction];
    const isDecisive = policies.length > 0 && verdict === answer.verdict;
    const turn = pair && isDecisive ? turningPoint(timeline, pair.connection, direction, time) : undefined;
    if (turn === undefined) return [];
    const { change, before } = turn;
    const was = before === verdict ? `it was ${before} before that as well` : `before that it was ${before}`;
    return `Last change for ${direction}: ${change.object} at ${formatTime(change.time)}: ${change.what}; ${was}.`;
  });
}
