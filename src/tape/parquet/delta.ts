import type { ByteBuffer } from './byte_buffer.js';

/*
 * Parquet's DELTA_BINARY_PACKED.
 * Source: https://github.com/apache/parquet-format/blob/master/Encodings.md
 * Widths are whole bytes: quick to write, and ZSTD finds what whole bytes repeat.
 */

/** Values of a block, its parts, and the values of each. */
export const BLOCK = 128;
export const MINIBLOCKS = 4;
export const MINIBLOCK = BLOCK / MINIBLOCKS;

/** Differences of neighbours, of which doubles hold each exactly. */
const EXACT = 2 ** 52;

/** Bytes that writing a value takes beyond its width at most. */
const SPILL = 8;

const differences = new Float64Array(BLOCK);

/**
 * Appends the `count` values whose low and high halves alternate in `cells`. False, and nothing is appended, where
 * neighbours differ by more than a double can say.
 */
export function writeWideDeltas(to: ByteBuffer, cells: Int32Array, count: number): boolean {
  const start = to.length;
  writeHeader(to, count, count === 0 ? 0n : (BigInt(cells[1] ?? 0) << 32n) | BigInt((cells[0] ?? 0) >>> 0));
  for (let first = 1; first < count; first += BLOCK) {
    const size = Math.min(BLOCK, count - first);
    for (let i = 0; i < size; i++) {
      const at = (first + i) * 2;
      const high = (cells[at + 1] ?? 0) - (cells[at - 1] ?? 0);
      const difference = high * 2 ** 32 + ((cells[at] ?? 0) >>> 0) - ((cells[at - 2] ?? 0) >>> 0);
      if (difference > EXACT / 2 || difference < -EXACT / 2) {
        to.length = start;
        return false;
      }
      differences[i] = difference;
    }
    writeBlock(to, size);
  }
  return true;
}

/** Appends `count` values that each take 32 bits. */
export function writeDeltas(to: ByteBuffer, values: Int32Array, count: number): void {
  writeHeader(to, count, BigInt(values[0] ?? 0));
  for (let first = 1; first < count; first += BLOCK) {
    const size = Math.min(BLOCK, count - first);
    for (let i = 0; i < size; i++) differences[i] = (values[first + i] ?? 0) - (values[first + i - 1] ?? 0);
    writeBlock(to, size);
  }
}

function writeHeader(to: ByteBuffer, count: number, first: bigint): void {
  to.varint(BLOCK);
  to.varint(MINIBLOCKS);
  to.varint(count);
  to.zigzag64(first);
}

/** Appends a block of the `count` differences at hand. */
function writeBlock(to: ByteBuffer, count: number): void {
  let least = EXACT;
  for (let i = 0; i < count; i++) {
    const difference = differences[i] ?? 0;
    if (difference < least) least = difference;
  }
  to.zigzag(least);
  const widths = to.room(MINIBLOCKS);
  to.length += MINIBLOCKS;
  for (let miniblock = 0; miniblock < MINIBLOCKS; miniblock++) {
    const begin = miniblock * MINIBLOCK;
    const width = count <= begin ? 0 : writeMiniblock(to, begin, Math.min(count, begin + MINIBLOCK), least);
    to.data[widths + miniblock] = width * 8;
  }
}

/** Appends 32 differences less the least one; returns how many bytes each takes. */
function writeMiniblock(to: ByteBuffer, begin: number, end: number, least: number): number {
  let most = 0;
  for (let i = begin; i < end; i++) {
    const rest = (differences[i] ?? 0) - least;
    if (rest > most) most = rest;
  }
  const width = bytesOf(most);
  const size = MINIBLOCK * width;
  const start = to.room(size + SPILL);
  const { data, view } = to;
  for (let i = begin, at = start; i < end; i++, at += width) {
    const rest = (differences[i] ?? 0) - least;
    // What a value writes beyond its width is the next one's place.
    view.setUint32(at, rest, true);
    if (width > 4) view.setUint32(at + 4, rest / 2 ** 32, true);
  }
  data.fill(0, start + (end - begin) * width, start + size);
  to.length = start + size;
  return width;
}

/** How many bytes a natural number below 2^53 takes. */
function bytesOf(value: number): number {
  let bytes = 0;
  for (let limit = 1; value >= limit; limit *= 256) bytes++;
  return bytes;
}
