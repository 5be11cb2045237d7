import type { TextPool } from '../../tape/columns/text_pool.js';
import { SHORTEST_CARD } from '../objects/numbers.js';

const MINUS = 0x2d;
const ZERO = 0x30;

/** Whether a text is a whole number, shorter than a card's: ports and sizes are most of what differs in many tapes. */
export function isShortNumber({ data, starts }: TextPool, text: number): boolean {
  const start = starts[text] ?? 0;
  const end = starts[text + 1] ?? 0;
  const first = data[start] === MINUS ? start + 1 : start;
  if (first >= end || end - start >= SHORTEST_CARD) return false;
  let at = first;
  while (at < end && isDigit(data[at] ?? 0)) at++;
  return at === end;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < ZERO + 10;
}
