import { BLOCK, MINIBLOCK, MINIBLOCKS } from '../delta.js';
import { Codec, Encoding, isOfDictionary, Type } from '../format.js';
import type { StoredPage } from '../stored_chunk.js';
import { Cursor } from './cursor.js';
import type { ChunkPlace } from './footer.js';
import { isOneFrame } from './frame.js';
import type { Leaf } from './leaves.js';
import { widthOf } from './levels.js';

/*
 * Whether a page can be taken over as it is stored: a reader sees all that it holds. Behind what readers see, whoever wrote
 * the page may have left anything: in frames that are skipped, behind the last value, in bits that no value needs.
 */

/** Bytes of a value, where each has as many. */
export const SIZES = new Map<number, number>([
  [Type.INT32, 4],
  [Type.INT64, 8],
  [Type.DOUBLE, 8],
]);

const MOST_BITS = 64;

/** Where a number of 64 bits ends, seven bits a byte: what more the last byte holds no reader sees. */
const MOST_BYTES = 10;
const LAST_BITS = 1;

/**
 * Whether a data page that can be read says what it says in no more bytes than that takes.
 * @param bytes of the page, decompressed
 * @param present how many of its values are neither NULL nor an empty list
 */
export function isExact(
  page: StoredPage,
  bytes: Uint8Array,
  { codec, leaf }: ChunkPlace,
  present: number,
): boolean {
  if (codec === Codec.ZSTD && !isOneFrame(page.stored)) return false;
  const from = new Cursor(bytes);
  return areLevelsExact(from, leaf, page.values) && areValuesExact(from, page.encoding, leaf.type, present);
}

function areLevelsExact(from: Cursor, { repeated, mostDefinition }: Leaf, count: number): boolean {
  for (const most of [repeated ? 1 : 0, mostDefinition]) {
    const isExact = most === 0 || areRuns(new Cursor(from.take(from.uint32())), widthOf(most), count);
    if (!isExact) return false;
  }
  return true;
}

function areValuesExact(from: Cursor, encoding: number, type: number, count: number): boolean {
  if (count === 0) return from.left === 0;
  if (isOfDictionary(encoding)) return areRuns(from, from.byte(), count);
  if (encoding === Encoding.DELTA_BINARY_PACKED) return areDeltas(from, count);
  if (encoding !== Encoding.PLAIN) return false;
  if (type === Type.BOOLEAN) return areBits(from, count);
  return from.left === count * (SIZES.get(type) ?? Number.NaN);
}

function areBits(from: Cursor, count: number): boolean {
  const start = from.skip((count + 7) >> 3);
  return from.left === 0 && areZeros(from, start * 8 + count);
}

/** Whether all that is left are runs of so many numbers. */
function areRuns(from: Cursor, bits: number, count: number): boolean {
  let done = 0;
  while (done < count) {
    const head = from.varint();
    const length = Math.floor(head / 2);
    if (length === 0) return false;
    if (head % 2 === 0) {
      const start = from.skip((bits + 7) >> 3);
      if (!areZeros(from, start * 8 + bits)) return false;
      done += length;
    } else {
      const needed = Math.min(length * 8, count - done);
      const start = from.skip(length * bits);
      if (length * 8 - needed >= 8 || !areZeros(from, start * 8 + needed * bits)) return false;
      done += needed;
    }
  }
  return done === count && from.left === 0;
}

/** Whether all that is left are so many deltas, in blocks as ktape writes them. */
function areDeltas(from: Cursor, count: number): boolean {
  const isAsWritten = from.varint() === BLOCK && from.varint() === MINIBLOCKS && from.varint() === count;
  if (!isAsWritten || !isNumber(from)) return false;
  for (let done = 1; done < count; ) {
    if (!isNumber(from)) return false;
    for (const width of from.take(MINIBLOCKS)) {
      const needed = Math.min(MINIBLOCK, count - done);
      if (width > (needed === 0 ? 0 : MOST_BITS)) return false;
      const start = from.skip((MINIBLOCK * width) / 8);
      if (!areZeros(from, start * 8 + needed * width)) return false;
      done += needed;
    }
  }
  return from.left === 0;
}

/** Steps over a number of at most 64 bits; false for one of more. */
function isNumber(from: Cursor): boolean {
  let bytes = 1;
  let byte = from.byte();
  for (; byte >= 0x80; bytes++) byte = from.byte();
  return bytes < MOST_BYTES || (bytes === MOST_BYTES && byte <= LAST_BITS);
}

/** Whether the bits from this one up to where the cursor is are zero. */
function areZeros({ bytes, at }: Cursor, firstBit: number): boolean {
  const first = Math.floor(firstBit / 8);
  if (first >= at) return true;
  if ((bytes[first] ?? 0) >>> (firstBit % 8) !== 0) return false;
  for (let i = first + 1; i < at; i++) if (bytes[i] !== 0) return false;
  return true;
}
