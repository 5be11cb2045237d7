/** A value as tests and messages read it: 64-bit integers and times as bigint, attributes as pairs in the order sent. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[];

/** A growing column of one physical layout. Every append adds one row. */
export interface GrowingColumn {
  readonly length: number;
  readonly nulls: number;
  /** Memory that the rows take, in bytes, about; their texts are counted by the pool. */
  readonly bytes: number;
  appendNull(): void;
  /** Appends NULL until there are `length` rows. */
  padTo(length: number): void;
  /** Appends row `row` of another column of the same layout, `times` times. */
  appendCopies(from: this, row: number, times: number): void;
  /** Forgets the rows from `length` on: how a request that fails half-way leaves nothing behind. */
  truncate(length: number): void;
  value(row: number): Cell;
}

/** Smallest capacity, in rows, at which growing is not noticed. */
export const FIRST_CAPACITY = 1024;

/** So few rows are filled faster by a loop than by a call into the engine. */
export const FEW = 16;

/** A copy of the array with room for at least `length` elements, growing at least twofold. */
export function grown<A extends Int32Array | Uint32Array | Float64Array | Uint8Array>(
  array: A,
  allocate: (length: number) => A,
  length: number,
): A {
  const larger = allocate(Math.max(array.length * 2, length));
  larger.set(array);
  return larger;
}

export const int32s = (length: number) => new Int32Array(length);
