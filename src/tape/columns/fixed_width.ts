import {
  Bool,
  type Data,
  Float64,
  Int32,
  Int64,
  makeData,
  TimestampNanosecond,
  Uint32,
  Uint64,
} from 'apache-arrow';
import { FIRST_CAPACITY, type GrowingColumn } from './column.js';
import { Validity } from './validity.js';

type Cells = Int32Array | Uint32Array | Float64Array | Uint8Array;

/** What all columns of fixed width share; `stride` is cells per row. */
abstract class FixedWidthColumn<A extends Cells> implements GrowingColumn {
  length = 0;
  protected readonly validity = new Validity();
  protected cells: A;

  constructor(
    private readonly allocate: (cells: number) => A,
    protected readonly stride: number,
  ) {
    this.cells = allocate(FIRST_CAPACITY * stride);
  }

  get nulls(): number {
    return this.validity.nulls;
  }

  get bytes(): number {
    return this.length * this.stride * this.cells.BYTES_PER_ELEMENT;
  }

  appendNull(): void {
    this.validity.addNull(this.length);
    this.nextRow();
    this.cells.fill(0, this.length * this.stride - this.stride, this.length * this.stride);
  }

  appendCopies(from: this, row: number, times: number): void {
    const start = row * this.stride;
    this.validity.addLike(from.validity, row, this.length, this.length + times);
    for (let i = 0; i < times; i++) {
      const at = this.nextRow();
      for (let cell = 0; cell < this.stride; cell++) this.cells[at + cell] = from.cells[start + cell] ?? 0;
    }
  }

  truncate(length: number): void {
    this.validity.truncate(length, this.length);
    this.length = length;
  }

  abstract toArrow(order: Uint32Array | undefined): Data;

  /** Makes room for a row and returns the position of its first cell. */
  protected nextRow(): number {
    const at = this.length * this.stride;
    if (at + this.stride > this.cells.length) {
      const larger = this.allocate(this.cells.length * 2);
      larger.set(this.cells);
      this.cells = larger;
    }
    this.length++;
    return at;
  }

  protected nextValue(): number {
    this.validity.addValue(this.length);
    return this.nextRow();
  }

  /** The cells of all rows in order, and the bitmap that goes with them. */
  protected gathered(order: Uint32Array | undefined): {
    length: number;
    nullCount: number;
    nullBitmap: Uint8Array | undefined;
    cells: A;
  } {
    const { length, stride } = this;
    const nullBitmap = this.validity.bitmap(length, order);
    const common = { length, nullCount: this.nulls, nullBitmap };
    if (order === undefined) return { ...common, cells: this.cells.subarray(0, length * stride) as A };
    const cells = this.allocate(length * stride);
    for (let row = 0; row < length; row++) {
      const from = (order[row] ?? 0) * stride;
      for (let i = 0; i < stride; i++) cells[row * stride + i] = this.cells[from + i] ?? 0;
    }
    return { ...common, cells };
  }
}

/** 64-bit values, kept as two 32-bit halves so that the hot path makes no bigint. */
abstract class WideColumn extends FixedWidthColumn<Int32Array> {
  constructor() {
    super((cells) => new Int32Array(cells), 2);
  }

  /** Appends the value whose low and high 32 bits these are. */
  append(low: number, high: number): void {
    const at = this.nextValue();
    this.cells[at] = low;
    this.cells[at + 1] = high;
  }

  appendBigint(value: bigint): void {
    this.append(Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn));
  }

  /** High half of a row, signed. */
  high(row: number): number {
    return this.cells[row * 2 + 1] ?? 0;
  }

  /** Low half of a row, unsigned. */
  low(row: number): number {
    return (this.cells[row * 2] ?? 0) >>> 0;
  }

  /** A row's value read as a signed 64-bit integer. */
  bigint(row: number): bigint {
    return (BigInt(this.high(row)) << 32n) | BigInt(this.low(row));
  }
}

const signed = (cells: Int32Array) => new BigInt64Array(cells.buffer, cells.byteOffset, cells.length / 2);
const unsigned = (cells: Int32Array) => new BigUint64Array(cells.buffer, cells.byteOffset, cells.length / 2);

/** Nanoseconds since the Unix epoch, UTC. */
export class TimestampColumn extends WideColumn {
  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    return makeData({ type: new TimestampNanosecond(), ...rest, data: signed(cells) });
  }
}

export class Int64Column extends WideColumn {
  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    return makeData({ type: new Int64(), ...rest, data: signed(cells) });
  }
}

export class Uint64Column extends WideColumn {
  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    return makeData({ type: new Uint64(), ...rest, data: unsigned(cells) });
  }
}

export class Int32Column extends FixedWidthColumn<Int32Array> {
  constructor() {
    super((cells) => new Int32Array(cells), 1);
  }

  append(value: number): void {
    const at = this.nextValue();
    this.cells[at] = value;
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    return makeData({ type: new Int32(), ...rest, data: cells });
  }
}

export class Uint32Column extends FixedWidthColumn<Uint32Array> {
  constructor() {
    super((cells) => new Uint32Array(cells), 1);
  }

  append(value: number): void {
    const at = this.nextValue();
    this.cells[at] = value;
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    return makeData({ type: new Uint32(), ...rest, data: cells });
  }
}

export class Float64Column extends FixedWidthColumn<Float64Array> {
  constructor() {
    super((cells) => new Float64Array(cells), 1);
  }

  append(value: number): void {
    const at = this.nextValue();
    this.cells[at] = value;
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    return makeData({ type: new Float64(), ...rest, data: cells });
  }
}

export class BoolColumn extends FixedWidthColumn<Uint8Array> {
  constructor() {
    super((cells) => new Uint8Array(cells), 1);
  }

  append(value: boolean): void {
    const at = this.nextValue();
    this.cells[at] = value ? 1 : 0;
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { cells, ...rest } = this.gathered(order);
    const bits = new Uint8Array(Math.ceil(rest.length / 8));
    cells.forEach((cell, row) => {
      if (cell === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    });
    return makeData({ type: new Bool(), ...rest, data: bits });
  }
}
