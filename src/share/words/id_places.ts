import { isHexadecimal } from './characters.js';
import { isId } from './ids.js';

const UUID_LENGTH = 36;
/** Digits of a UUID's first group. */
const FIRST_GROUP = 8;
/** Digits of ids, the longest first. */
const LENGTHS = [64, 32, 16];
const FEWEST = 16;
/** So many letters at the end of a word before an id, or of one behind it, may be hexadecimal digits: `defaced`. */
const MOST_LETTERS = 7;

/** Where something stands in a text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A UUID with dashes, where it has underscores in their places, as in names of systemd's. */
export function dashed(uuid: string): string {
  return uuid.includes('-') ? uuid : uuid.replaceAll('_', '-');
}

/**
 * The first id that begins in a run of letters and digits, which it may be, or which has other letters around it:
 * `pod123e4567-…`, `trace4bf9…`, `00f067aa0ba902b7cart`. Letters around an id may be hexadecimal digits too: of too many
 * digits the first are the id if the run begins with them, else the last; but if there are many more, or nothing else in
 * the run, they are a digest. Decimal digits before a unit are a number.
 *
 * @param start of the run, or where the rest of it begins
 */
export function firstId(text: string, start: number, stop: number): Place | undefined {
  if (stop - start < FIRST_GROUP) return undefined;
  const uuid = uuidAfter(text, stop);
  const limit = uuid?.start ?? stop;
  for (let at = start + FEWEST - 1; at < limit; at += FEWEST) {
    // So many digits cover one of the places that are so far apart.
    if (!isDigit(text, at)) continue;
    let first = at;
    while (first > start && isDigit(text, first - 1)) first--;
    while (at < limit && isDigit(text, at)) at++;
    const digits = LENGTHS.find((length) => length <= at - first && at - first <= length + MOST_LETTERS);
    if (digits === undefined) continue;
    const isFirst = first === start;
    const [from, end] = isFirst ? [first, first + digits] : [at - digits, at];
    const isNumber = end < stop && !/[a-f]/i.test(text.slice(from, end));
    if (isFirst && at === limit ? end === at : !isNumber) return { start: from, end };
  }
  return uuid;
}

/** The UUID whose first group ends with a run. */
function uuidAfter(text: string, stop: number): Place | undefined {
  const start = stop - FIRST_GROUP;
  const end = start + UUID_LENGTH;
  if ((text[stop] !== '-' && text[stop] !== '_') || !isHexadecimal(text, start, stop)) return undefined;
  return isId(dashed(text.slice(start, end))) ? { start, end } : undefined;
}

function isDigit(text: string, at: number): boolean {
  return isHexadecimal(text, at, at + 1);
}
