import { FEW, FIRST_CAPACITY, type GrowingColumn, grown, int32s } from './column.js';
import { Validity } from './validity.js';

type Cells = Int32Array | Uint32Array | Float64Array | Uint8Array;

/** What all columns of fixed width share; `stride` is cells per row. */
export abstract class FixedWidthColumn<A extends Cells = Cells> implements GrowingColumn {
  length = 0;
  readonly validity = new Validity();
  /** The rows' values, zeros for NULL. Replaced when it grows. */
  cells: A;

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
    this.padTo(this.length + 1);
  }

  padTo(length: number): void {
    if (length <= this.length) return;
    this.validity.addNulls(this.length, length);
    this.room(length);
    const end = length * this.stride;
    if (length - this.length > FEW) this.cells.fill(0, this.length * this.stride, end);
    else for (let at = this.length * this.stride; at < end; at++) this.cells[at] = 0;
    this.length = length;
  }

  appendCopies(from: this, row: number, times: number): void {
    if (from.validity.isNull(row)) {
      this.padTo(this.length + times);
      return;
    }
    const { stride } = this;
    const end = this.length + times;
    this.room(end);
    this.validity.addValues(this.length, end);
    for (let at = this.length * stride; at < end * stride; at += stride) {
      for (let i = 0; i < stride; i++) this.cells[at + i] = from.cells[row * stride + i] ?? 0;
    }
    this.length = end;
  }

  truncate(length: number): void {
    if (length >= this.length) return;
    this.validity.truncate(length, this.length);
    this.length = length;
  }

  value(row: number): number | bigint | boolean | null {
    return this.validity.isNull(row) ? null : this.present(row);
  }

  /** The value of a row that is not NULL. */
  protected abstract present(row: number): number | bigint | boolean;

  /** Makes room for so many rows. */
  protected room(rows: number): void {
    const cells = rows * this.stride;
    if (cells > this.cells.length) this.cells = grown(this.cells, this.allocate, cells);
  }
}

/** 64-bit values, kept as two 32-bit halves so that the hot path makes no bigint. */
export abstract class WideColumn extends FixedWidthColumn<Int32Array> {
  constructor() {
    super(int32s, 2);
  }

  /** Appends the value whose low and high 32 bits these are. */
  append(low: number, high: number): void {
    // Written out in each class: a function that all share sees too many of them to be compiled well.
    const { length, validity } = this;
    if (length * 2 === this.cells.length) this.room(length + 1);
    if (validity.nulls > 0) validity.addValues(length, length + 1);
    this.length = length + 1;
    this.cells[length * 2] = low;
    this.cells[length * 2 + 1] = high;
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

  protected present(row: number): bigint {
    return this.bigint(row);
  }
}

/** Nanoseconds since the Unix epoch, UTC. */
export class TimestampColumn extends WideColumn {}

export class Int64Column extends WideColumn {}

export class Uint64Column extends WideColumn {
  protected override present(row: number): bigint {
    return BigInt.asUintN(64, this.bigint(row));
  }
}

/** Values of one cell each. */
abstract class NarrowColumn<A extends Cells> extends FixedWidthColumn<A> {
  constructor(allocate: (cells: number) => A) {
    super(allocate, 1);
  }

  append(value: number): void {
    const { length, validity } = this;
    if (length === this.cells.length) this.room(length + 1);
    if (validity.nulls > 0) validity.addValues(length, length + 1);
    this.length = length + 1;
    this.cells[length] = value;
  }

  /** Gives a row its value: the last row, or a later one; those between are NULL. */
  put(row: number, value: number): void {
    if (row < this.length) this.cells[row] = value;
    else {
      this.padTo(row);
      this.append(value);
    }
  }

  protected present(row: number): number {
    return this.cells[row] ?? 0;
  }
}

export class Int32Column extends NarrowColumn<Int32Array> {
  constructor() {
    super(int32s);
  }
}

export class Uint32Column extends NarrowColumn<Uint32Array> {
  constructor() {
    super((cells) => new Uint32Array(cells));
  }
}

export class Float64Column extends NarrowColumn<Float64Array> {
  constructor() {
    super((cells) => new Float64Array(cells));
  }
}

export class BoolColumn extends FixedWidthColumn<Uint8Array> {
  constructor() {
    super((cells) => new Uint8Array(cells), 1);
  }

  append(value: boolean): void {
    const { length, validity } = this;
    if (length === this.cells.length) this.room(length + 1);
    if (validity.nulls > 0) validity.addValues(length, length + 1);
    this.length = length + 1;
    this.cells[length] = value ? 1 : 0;
  }

  protected present(row: number): boolean {
    return this.cells[row] === 1;
  }
}
