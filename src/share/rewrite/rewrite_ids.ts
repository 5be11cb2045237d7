import { FIRST_CAPACITY, grown, int32s } from '../../tape/columns/column.js';
import { NULL_TEXT, type TextColumn } from '../../tape/columns/text.js';
import type { Ids } from '../words/ids.js';
import { addSample, type Carrier, type Change, type ColumnCount } from './carrier.js';

/** Sizes in bytes of span ids and trace ids. */
const SIZES: readonly (8 | 16)[] = [8, 16];

const uint8s = (length: number) => new Uint8Array(length);

/** What each byte is as a hexadecimal digit; NO_DIGIT for all but `0` to `9` and `a` to `f`. */
const NO_DIGIT = 16;
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte));
  return digit < 0 ? NO_DIGIT : digit;
});

/**
 * A column of ids, of which almost every one is another.
 * @param change does the same to the text of one id; what has not the shape of one is left to it
 */
export function rewriteIds(
  from: TextColumn,
  carrier: Carrier,
  ids: Ids,
  change: Change,
  count: ColumnCount,
): TextColumn {
  makeIds(from, carrier, ids, change, count);
  return carrier.column(from, change, count);
}

/**
 * Makes the other ids of those in a column, of one size all at once and as bytes, which the carrier then knows.
 * @returns 1 for each text of the old pool that is such an id
 */
export function makeIds(
  from: TextColumn,
  carrier: Carrier,
  ids: Ids,
  change: Change,
  count: ColumnCount,
): Uint8Array {
  const { texts, pool, length } = from;
  const isId = new Uint8Array(pool.count);
  const isSeen = new Uint8Array(pool.count);
  const found = SIZES.map((size) => new FoundIds(size));
  for (let row = 0; row < length; row++) {
    const text = texts[row] ?? NULL_TEXT;
    if (text === NULL_TEXT || isSeen[text] === 1) continue;
    isSeen[text] = 1;
    const ofSize = found.find(({ size }) => size * 2 === pool.size(text));
    if (ofSize?.add(text, pool.data, pool.starts[text] ?? 0, carrier.isMade(text, change))) isId[text] = 1;
  }
  for (const { size, texts, bytes, count: many } of found) {
    ids.raw(bytes.subarray(0, many * size), size);
    for (let i = 0; i < many; i++) {
      const number = carrier.to.addHex(bytes, i * size, (i + 1) * size);
      carrier.set(texts[i] ?? 0, change, number);
      if (i === 0) addSample(count, carrier.to.string(number));
    }
  }
  return isId;
}

/** Different ids of one size, as numbers of texts and as bytes side by side. Both are replaced when they grow. */
class FoundIds {
  texts = int32s(FIRST_CAPACITY);
  bytes: Uint8Array;
  count = 0;

  /** @param size bytes of an id */
  constructor(readonly size: 8 | 16) {
    this.bytes = uint8s(FIRST_CAPACITY * size);
  }

  /** Adds a text, unless it is made already, if its digits are an id's; returns whether they are. */
  add(text: number, digits: Uint8Array, start: number, isMade: boolean): boolean {
    const { count, size } = this;
    if (count === this.texts.length) {
      this.texts = grown(this.texts, int32s, count + 1);
      this.bytes = grown(this.bytes, uint8s, (count + 1) * size);
    }
    if (!readHex(digits, start, this.bytes, count * size, size)) return false;
    if (!isMade) this.texts[this.count++] = text;
    return true;
  }
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
