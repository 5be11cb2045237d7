import type { TextPool } from '../../tape/columns/text_pool.js';
import { isId } from '../words/ids.js';

/** Longer values are looked for in no text, … */
const LONGEST = 100;
/** … and none of them has more bytes in UTF-8. */
const MOST_BYTES = LONGEST * 3;

/** What a byte of UTF-8 is to words: bits. */
const LETTER = 1;
const BLANK = 2;
/** Anything but a hexadecimal digit. */
const NO_DIGIT = 4;

const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const isLetter = byte >= 0x80 || /[A-Za-z]/.test(character);
  const isBlank = byte < 0x80 && /\s/.test(character);
  return (isLetter ? LETTER : 0) | (isBlank ? BLANK : 0) | (/[0-9A-Fa-f]/.test(character) ? 0 : NO_DIGIT);
});

/** Whether a value of an attribute may be a name that texts mention; ids are found in texts by their shape. */
export function isWord(text: string): boolean {
  return text.length <= LONGEST && /^(?=.*\p{L})\S+$/u.test(text) && !isId(text);
}

/** False only for what is no word, without a string being made: numbers, sentences and ids, which most values are. */
export function mayBeWord({ data, starts }: TextPool, text: number): boolean {
  const start = starts[text] ?? 0;
  const end = starts[text + 1] ?? 0;
  const size = end - start;
  if (size > MOST_BYTES) return false;
  let kinds = 0;
  for (let at = start; at < end; at++) kinds |= KINDS[data[at] ?? 0] ?? 0;
  if ((kinds & LETTER) === 0 || (kinds & BLANK) !== 0) return false;
  return (kinds & NO_DIGIT) !== 0 || (size !== 16 && size !== 32 && size !== 64);
}
