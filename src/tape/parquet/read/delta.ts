import type { Cursor } from './cursor.js';
import { Malformed } from './malformed.js';

/*
 * Parquet's DELTA_BINARY_PACKED.
 * Source: https://github.com/apache/parquet-format/blob/master/Encodings.md
 */

const MOST_BLOCK = 1 << 16;

/** Reads `count` 64-bit values into `cells`, low and high halves alternating. */
export function readDeltas(from: Cursor, count: number, cells: Int32Array): void {
  const block = from.varint();
  const miniblocks = from.varint();
  const size = block / miniblocks;
  if (block > MOST_BLOCK || !Number.isInteger(size)) {
    throw new Malformed(`deltas in blocks of ${block} values in ${miniblocks} parts`);
  }
  const total = from.varint();
  if (total !== count) throw new Malformed(`${total} deltas for ${count} values`);
  const first = from.zigzag();
  if (count === 0) return;
  cells[0] = Number(BigInt.asIntN(32, first));
  cells[1] = Number(first >> 32n);
  for (let done = 1; done < count; ) {
    const least = from.zigzag();
    const low = Number(BigInt.asUintN(32, least));
    const high = Number(least >> 32n);
    const widths = from.take(miniblocks);
    for (const width of widths) {
      if (done >= count) break;
      if (width > 64) throw new Malformed(`deltas of ${width} bits`);
      const end = Math.min(count, done + size);
      const start = from.skip((size * width) / 8);
      addUp(from.bytes, start * 8, width, low, high, cells, done, end);
      done = end;
    }
  }
}

/** Adds up the differences, of `width` bits each over the least one, into `cells` from value `first` to `end`. */
function addUp(
  bytes: Uint8Array,
  startBit: number,
  width: number,
  leastLow: number,
  leastHigh: number,
  cells: Int32Array,
  first: number,
  end: number,
): void {
  let low = (cells[first * 2 - 2] ?? 0) >>> 0;
  let high = cells[first * 2 - 1] ?? 0;
  for (let i = first, bit = startBit; i < end; i++, bit += width) {
    const sum = low + leastLow + bitsAt(bytes, bit, Math.min(width, 32));
    const restHigh = width > 32 ? bitsAt(bytes, bit + 32, width - 32) : 0;
    low = sum >>> 0;
    high = (high + leastHigh + restHigh + Math.floor(sum / 2 ** 32)) | 0;
    cells[i * 2] = low;
    cells[i * 2 + 1] = high;
  }
}

/** The number of at most 32 bits that begins at a bit. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  if (width === 0) return 0;
  const at = Math.floor(bit / 8);
  const shift = bit % 8;
  const word =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
  const whole = shift === 0 ? word : (word >>> shift) | ((bytes[at + 4] ?? 0) << (32 - shift));
  return (whole & (0xffff_ffff >>> (32 - width))) >>> 0;
}
