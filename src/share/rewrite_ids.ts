import { NULL_TEXT, type TextColumn } from '../tape/columns/text.js';
import { addSample, type Carrier, type Change, type ColumnCount } from './carrier.js';
import type { Ids } from './words/ids.js';

/** Sizes in bytes of span ids and trace ids. */
const SIZES = [8, 16] as const;

/** What each byte is as a hexadecimal digit; NO_DIGIT for all but `0` to `9` and `a` to `f`. */
const NO_DIGIT = 16;
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte));
  return digit < 0 ? NO_DIGIT : digit;
});

/**
 * A column of ids, of which almost every one is another: all of one size become others at once, as bytes.
 * @param change does the same to the text of one id; what has not the shape of one is left to it
 */
export function rewriteIds(
  from: TextColumn,
  carrier: Carrier,
  ids: Ids,
  change: Change,
  count: ColumnCount,
): TextColumn {
  for (const size of SIZES) {
    const { texts, bytes } = idsOf(from, size, (text) => carrier.isMade(text, change));
    ids.raw(bytes, size);
    for (let i = 0; i < texts.length; i++) {
      const number = carrier.to.addHex(bytes, i * size, (i + 1) * size);
      carrier.set(texts[i] ?? 0, change, number);
      if (i === 0) addSample(count, carrier.to.string(number));
    }
  }
  return carrier.column(from, change, count);
}

/** The different ids of that size in a column, as numbers of texts and as bytes side by side. */
function idsOf(
  { texts, pool, length }: TextColumn,
  size: number,
  isMade: (text: number) => boolean,
): { texts: Int32Array; bytes: Uint8Array } {
  const found = new Int32Array(length);
  const bytes = new Uint8Array(length * size);
  const isFound = new Uint8Array(pool.count);
  let count = 0;
  for (let row = 0; row < length; row++) {
    const text = texts[row] ?? NULL_TEXT;
    if (text === NULL_TEXT || isFound[text] === 1 || pool.size(text) !== size * 2 || isMade(text)) continue;
    if (!readHex(pool.data, pool.starts[text] ?? 0, bytes, count * size, size)) continue;
    isFound[text] = 1;
    found[count++] = text;
  }
  return { texts: found.subarray(0, count), bytes: bytes.subarray(0, count * size) };
}

/** Reads so many bytes in lower-case hex; false where the digits are others. */
function readHex(from: Uint8Array, start: number, to: Uint8Array, at: number, size: number): boolean {
  let seen = 0;
  for (let i = 0; i < size; i++) {
    const high = DIGITS[from[start + i * 2] ?? 0] ?? NO_DIGIT;
    const low = DIGITS[from[start + i * 2 + 1] ?? 0] ?? NO_DIGIT;
    seen |= high | low;
    to[at + i] = (high << 4) | low;
  }
  return (seen & NO_DIGIT) === 0;
}
