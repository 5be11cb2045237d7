import type { Cursor } from './cursor.js';
import { Malformed } from './malformed.js';

/*
 * Parquet's hybrid of run-length encoding and bit packing.
 * Source: https://github.com/apache/parquet-format/blob/master/Encodings.md
 */

/** Values of more bits would need more than 32 with the bits before them in their first byte. */
const MOST_WIDTH = 24;

/** Numbers of as many bytes each as their greatest may need, or more. */
export type Numbers = Uint8Array | Uint16Array | Int32Array;

/** The next `count` numbers of `width` bits, at most 24; as our own writer has them they are not read one by one. */
export function readNumbers(from: Cursor, width: number, count: number): Numbers {
  return packedBytes(from, width, count) ?? unpacked(from, width, count);
}

/** Numbers of whole bytes, where a single run has all; undefined, and nothing is read, where they are not. */
function packedBytes(from: Cursor, width: number, count: number): Numbers | undefined {
  if (width !== 8 && width !== 16) return undefined;
  const { at } = from;
  const head = from.varint();
  if (head % 2 === 1 && (head - 1) * 4 >= count) {
    const bytes = from.take(((head - 1) / 2) * width);
    // All machines that Node.js runs on are little-endian, as Parquet is.
    const numbers = width === 8 ? new Uint8Array(count) : new Uint16Array(count);
    new Uint8Array(numbers.buffer).set(bytes.subarray(0, numbers.byteLength));
    return numbers;
  }
  from.at = at;
  return undefined;
}

function unpacked(from: Cursor, width: number, count: number): Numbers {
  const numbers = width <= 8 ? new Uint8Array(count) : new Int32Array(count);
  readHybrid(from, width, count, numbers);
  return numbers;
}

/** Reads `count` numbers of `width` bits, at most 24, into `to` from its beginning. */
export function readHybrid(from: Cursor, width: number, count: number, to: Int32Array | Uint8Array): void {
  if (width > MOST_WIDTH) throw new Malformed(`numbers of ${width} bits; expected at most ${MOST_WIDTH}`);
  for (let done = 0; done < count; ) {
    const head = from.varint();
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      const value = readNumber(from, (width + 7) >> 3);
      const end = Math.min(count, done + length);
      to.fill(value, done, end);
      done = end;
    } else {
      const start = from.skip(length * width);
      const end = Math.min(count, done + length * 8);
      if (width === 8) to.set(from.bytes.subarray(start, start + end - done), done);
      else if (width === 1) unpackBits(from.bytes, start, to, done, end);
      else if (width === 16) unpackPairs(from.bytes, start, to, done, end);
      else unpack(from.bytes, start, width, to, done, end);
      done = end;
    }
  }
}

/** The number that all `count` are, where a single run says so. */
export function sameNumber(from: Cursor, width: number, count: number): number | undefined {
  const head = from.varint();
  return head % 2 === 0 && head / 2 >= count ? readNumber(from, (width + 7) >> 3) : undefined;
}

function readNumber(from: Cursor, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value |= from.byte() << (8 * i);
  return value;
}

/** Unpacks numbers into `to` from `first` to `end`, the first in the lowest bits. */
function unpack(
  bytes: Uint8Array,
  start: number,
  width: number,
  to: Int32Array | Uint8Array,
  first: number,
  end: number,
): void {
  const mask = 2 ** width - 1;
  let at = start;
  let bits = 0;
  let have = 0;
  for (let i = first; i < end; i++) {
    while (have < width) {
      bits |= (bytes[at++] ?? 0) << have;
      have += 8;
    }
    to[i] = bits & mask;
    bits >>>= width;
    have -= width;
  }
}

/** As `unpack`, of numbers of one bit. */
function unpackBits(
  bytes: Uint8Array,
  start: number,
  to: Int32Array | Uint8Array,
  first: number,
  end: number,
): void {
  let i = first;
  let at = start;
  for (; i + 8 <= end; i += 8) {
    const byte = bytes[at++] ?? 0;
    to[i] = byte & 1;
    to[i + 1] = (byte >>> 1) & 1;
    to[i + 2] = (byte >>> 2) & 1;
    to[i + 3] = (byte >>> 3) & 1;
    to[i + 4] = (byte >>> 4) & 1;
    to[i + 5] = (byte >>> 5) & 1;
    to[i + 6] = (byte >>> 6) & 1;
    to[i + 7] = byte >>> 7;
  }
  if (i < end) unpack(bytes, at, 1, to, i, end);
}

/** As `unpack`, of numbers of two bytes. */
function unpackPairs(
  bytes: Uint8Array,
  start: number,
  to: Int32Array | Uint8Array,
  first: number,
  end: number,
): void {
  for (let i = first, at = start; i < end; i++, at += 2)
    to[i] = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
