import { varInt } from './runs.js';

/** Bytes of the longest LEB128 number: of 64 bits. */
const LONGEST = 10;

/** Numbers that Parquet's DELTA_BINARY_PACKED encodes, and how far they reach. */
export interface Deltas {
  /** How many numbers there are. */
  readonly count: number;
  /** Where what the last number needs ends. */
  readonly used: number;
  /** Where the miniblock ends that has it: what follows is no part of them. */
  readonly end: number;
}

/**
 * Goes through the header and the blocks: each has the least difference, the bits that a number of each miniblock takes,
 * and the miniblocks up to the one with the last number.
 *
 * @throws RangeError where they reach beyond `end`, or are more than `most`
 */
export function endOfDeltas(bytes: Uint8Array, start: number, end: number, most: number): Deltas {
  const size = varInt(bytes, start, end);
  const miniblocks = varInt(bytes, size.end, end);
  const count = varInt(bytes, miniblocks.end, end);
  const inMiniblock = size.value / miniblocks.value;
  if (!(Number.isInteger(inMiniblock) && inMiniblock % 8 === 0 && inMiniblock > 0))
    throw new RangeError(`blocks of ${size.value} numbers in ${miniblocks.value} miniblocks`);
  if (count.value > most) throw new RangeError(`${count.value} numbers where there are ${most} values`);
  let at = skipped(bytes, count.end, end);
  let used = at;
  for (let left = count.value - 1; left > 0; ) {
    const widths = skipped(bytes, at, end);
    at = widths + miniblocks.value;
    used = at;
    for (let i = widths; i < widths + miniblocks.value && left > 0; i++) {
      const width = bytes[i] ?? 0;
      used = at + Math.ceil((Math.min(left, inMiniblock) * width) / 8);
      at += (inMiniblock / 8) * width;
      left -= inMiniblock;
    }
    if (used > end) throw new RangeError('deltas reach beyond their page');
  }
  return { count: count.value, used, end: Math.min(at, end) };
}

/** Where a LEB128 number of any size ends. */
function skipped(bytes: Uint8Array, at: number, end: number): number {
  for (let next = at; next < Math.min(end, at + LONGEST); next++)
    if ((bytes[next] ?? 0) < 0x80) return next + 1;
  throw new RangeError('a number reaches beyond its page');
}
