import { KtapeError } from '../../errors.js';
import {
  BoolColumn,
  type FixedWidthColumn,
  Float64Column,
  Int32Column,
  Uint32Column,
  Uint64Column,
  WideColumn,
} from '../columns/fixed_width.js';
import type { Chunk } from './chunk.js';
import { writeWideDeltas } from './delta.js';
import { Encoding } from './format.js';
import { writeBits } from './hybrid.js';
import { Scratch } from './scratch.js';

/** Writes the values of columns of fixed width. */
export class FixedValues {
  private readonly int32s = new Scratch((length) => new Int32Array(length));
  private readonly uint32s = new Scratch((length) => new Uint32Array(length));
  private readonly float64s = new Scratch((length) => new Float64Array(length));
  private readonly bits = new Scratch((length) => new Uint8Array(length));

  /** Writes the values of `count` rows, NULLs left out, after the chunk's levels. */
  write(chunk: Chunk, column: FixedWidthColumn, rows: Uint32Array, count: number): void {
    if (column instanceof WideColumn) this.writeWide(chunk, column, rows, count);
    else if (column instanceof Int32Column) writeNarrow(chunk, this.int32s.of(count), column, rows, count);
    else if (column instanceof Uint32Column) writeNarrow(chunk, this.uint32s.of(count), column, rows, count);
    else if (column instanceof Float64Column) writePlain(chunk, this.float64s.of(count), column, rows, count);
    else if (column instanceof BoolColumn) {
      const bits = this.bits.of(count + 8);
      writeBits(chunk.page, bits, gather(bits, column, rows, count));
    } else throw new KtapeError(`no Parquet encoding for ${column.constructor.name}`);
  }

  private writeWide(chunk: Chunk, column: WideColumn, rows: Uint32Array, count: number): void {
    const cells = this.int32s.of(count * 2);
    const { present } = column.validity;
    const from = column.cells;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i] ?? 0;
      if (present !== undefined && present[row] === 0) continue;
      cells[at++] = from[row * 2] ?? 0;
      cells[at++] = from[row * 2 + 1] ?? 0;
    }
    if (at === 0) return;
    wideExtremes(chunk, cells, at, column instanceof Uint64Column);
    if (writeWideDeltas(chunk.page, cells, at / 2)) chunk.encoding = Encoding.DELTA_BINARY_PACKED;
    else chunk.page.bytes(bytesOf(cells, at));
  }
}

/** Puts the values that are not NULL one after the other; returns how many there are. */
function gather(
  to: Int32Array | Uint32Array | Float64Array | Uint8Array,
  { cells, validity: { present } }: FixedWidthColumn,
  rows: Uint32Array,
  count: number,
): number {
  let at = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i] ?? 0;
    if (present === undefined || present[row] === 1) to[at++] = cells[row] ?? 0;
  }
  return at;
}

function writePlain(
  chunk: Chunk,
  values: Int32Array | Uint32Array | Float64Array,
  column: FixedWidthColumn,
  rows: Uint32Array,
  count: number,
): number {
  const present = gather(values, column, rows, count);
  chunk.page.bytes(bytesOf(values, present));
  return present;
}

function writeNarrow(
  chunk: Chunk,
  values: Int32Array | Uint32Array,
  column: FixedWidthColumn,
  rows: Uint32Array,
  count: number,
): void {
  if (isConstant(column)) {
    values.fill(column.cells[0] ?? 0, 0, count);
    chunk.page.bytes(bytesOf(values, count));
    chunk.extremes = { min: bytesAt(values, 0, 1), max: bytesAt(values, 0, 1) };
    return;
  }
  const present = writePlain(chunk, values, column, rows, count);
  if (present === 0) return;
  let min = 0;
  let max = 0;
  for (let i = 1; i < present; i++) {
    if ((values[i] ?? 0) < (values[min] ?? 0)) min = i;
    if ((values[i] ?? 0) > (values[max] ?? 0)) max = i;
  }
  chunk.extremes = { min: bytesAt(values, min, 1), max: bytesAt(values, max, 1) };
}

/** Whether all rows hold the same value, as counts of what was dropped mostly do. */
function isConstant({ cells, length, nulls }: FixedWidthColumn): boolean {
  if (nulls > 0 || length === 0) return false;
  const [first] = cells;
  let same = 1;
  while (same < length && cells[same] === first) same++;
  return same >= length;
}

/** The least and the greatest of 64-bit values given in halves. */
function wideExtremes(chunk: Chunk, cells: Int32Array, length: number, unsigned: boolean): void {
  // Flipping the sign bit of the high half makes unsigned values compare as signed ones do.
  const flip = unsigned ? 0x8000_0000 : 0;
  let min = 0;
  let max = 0;
  for (let at = 2; at < length; at += 2) {
    if (less(cells, at, min, flip)) min = at;
    else if (less(cells, max, at, flip)) max = at;
  }
  chunk.extremes = { min: bytesAt(cells, min, 2), max: bytesAt(cells, max, 2) };
}

function less(cells: Int32Array, a: number, b: number, flip: number): boolean {
  const highA = (cells[a + 1] ?? 0) ^ flip;
  const highB = (cells[b + 1] ?? 0) ^ flip;
  return highA < highB || (highA === highB && (cells[a] ?? 0) >>> 0 < (cells[b] ?? 0) >>> 0);
}

/** A copy of the bytes of some elements; all machines that Node.js runs on are little-endian, as Parquet is. */
function bytesAt(values: Int32Array | Uint32Array, at: number, elements: number): Uint8Array {
  return new Uint8Array(values.buffer.slice(at * 4, (at + elements) * 4));
}

function bytesOf(values: Int32Array | Uint32Array | Float64Array, elements: number): Uint8Array {
  return new Uint8Array(values.buffer, 0, elements * values.BYTES_PER_ELEMENT);
}
