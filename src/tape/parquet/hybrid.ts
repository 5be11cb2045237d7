import type { Lists } from '../columns/nested.js';
import { ByteBuffer } from './byte_buffer.js';
import type { Numbers } from './read/hybrid.js';

/*
 * Parquet's hybrid of run-length encoding and bit packing.
 * Source: https://github.com/apache/parquet-format/blob/master/Encodings.md
 */

/** Appends numbers of which each takes `width` bits, 1 or 2. */
export function writeBitNumbers(to: ByteBuffer, levels: Uint8Array, count: number, width: number): void {
  const first = levels[0] ?? 0;
  let same = 1;
  while (same < count && levels[same] === first) same++;
  if (same >= count) writeRun(to, first, count, 1);
  else if (width === 1) packBits(to, levels, count);
  else packPairs(to, levels, count);
}

/** Appends `count` times the same value of `width` bytes. */
export function writeRun(to: ByteBuffer, value: number, count: number, width: number): void {
  to.varint(count * 2);
  to.littleEndian(value, width);
}

/** Appends values of `width` whole bytes: 1, 2 or 3. */
export function writeNumbers(to: ByteBuffer, values: Numbers, count: number, width: number): void {
  const groups = (count + 7) >> 3;
  to.varint(groups * 2 + 1);
  const size = groups * 8 * width;
  let at = to.room(size);
  const { data, view } = to;
  to.length = at + size;
  if (width === 1) for (let i = 0; i < count; i++) data[at++] = values[i] ?? 0;
  else {
    for (let i = 0; i < count; i++, at += width) {
      const value = values[i] ?? 0;
      view.setUint16(at, value, true);
      if (width > 2) data[at + 2] = value >>> 16;
    }
  }
  data.fill(0, at, to.length);
}

const listNumbers = new ByteBuffer();

/** Appends the numbers of the items of each row's list, `total` in all: those of the `count` items, of `width` bytes. */
export function writeListNumbers(
  to: ByteBuffer,
  numbers: Int32Array,
  count: number,
  width: number,
  lists: Lists,
  rows: Uint32Array,
  total: number,
): void {
  listNumbers.clear();
  for (let item = 0; item < count; item++) listNumbers.littleEndian(numbers[item] ?? 0, width);
  const groups = (total + 7) >> 3;
  to.varint(groups * 2 + 1);
  const { data, view } = listNumbers;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    to.copy(data, view, lists.first(row) * width, lists.last(row) * width);
  }
  for (let i = total; i < groups * 8; i++) to.littleEndian(0, width);
}

/** Appends bits that are packed already, the first in the lowest. */
export function writePackedBits(to: ByteBuffer, packed: Uint8Array, count: number): void {
  const size = (count + 7) >> 3;
  to.varint(size * 2 + 1);
  to.bytes(packed.subarray(0, size));
}

/** Appends values of 0 and 1 as bits, with a header. */
function packBits(to: ByteBuffer, values: Uint8Array, count: number): void {
  to.varint(((count + 7) >> 3) * 2 + 1);
  writeBits(to, values, count);
}

/** Appends values of 0 and 1 as bits, the first in the lowest. */
export function writeBits(to: ByteBuffer, values: Uint8Array, count: number): void {
  const size = (count + 7) >> 3;
  const at = to.room(size);
  values.fill(0, count, Math.min(size * 8, values.length));
  for (let byte = 0, i = 0; byte < size; byte++, i += 8) {
    to.data[at + byte] =
      (values[i] ?? 0) |
      ((values[i + 1] ?? 0) << 1) |
      ((values[i + 2] ?? 0) << 2) |
      ((values[i + 3] ?? 0) << 3) |
      ((values[i + 4] ?? 0) << 4) |
      ((values[i + 5] ?? 0) << 5) |
      ((values[i + 6] ?? 0) << 6) |
      ((values[i + 7] ?? 0) << 7);
  }
  to.length = at + size;
}

/** Appends values of 0 to 3, two bits each, with a header. */
function packPairs(to: ByteBuffer, values: Uint8Array, count: number): void {
  const groups = (count + 7) >> 3;
  to.varint(groups * 2 + 1);
  const size = groups * 2;
  const at = to.room(size);
  values.fill(0, count, Math.min(size * 4, values.length));
  for (let byte = 0, i = 0; byte < size; byte++, i += 4) {
    to.data[at + byte] =
      (values[i] ?? 0) |
      ((values[i + 1] ?? 0) << 2) |
      ((values[i + 2] ?? 0) << 4) |
      ((values[i + 3] ?? 0) << 6);
  }
  to.length = at + size;
}
