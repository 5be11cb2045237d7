import type { Data } from 'apache-arrow';

/** A growing column of one physical layout. Every append adds one row. */
export interface GrowingColumn {
  readonly length: number;
  readonly nulls: number;
  /** Memory that the rows take, in bytes, about. */
  readonly bytes: number;
  appendNull(): void;
  /** Appends row `row` of another column of the same layout, `times` times. */
  appendCopies(from: this, row: number, times: number): void;
  /** Forgets the rows from `length` on: how a request that fails half-way leaves nothing behind. */
  truncate(length: number): void;
  /**
   * The rows as Arrow data, in `order` (row numbers) or as they came. Without an order the data shares
   * the column's memory: it is valid until the next append.
   */
  toArrow(order: Uint32Array | undefined): Data;
}

/** Smallest capacity, in rows, at which growing is not noticed. */
export const FIRST_CAPACITY = 1024;
