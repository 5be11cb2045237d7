import type { Columns, Table } from '../schema/table.js';
import { RowBatch } from './row_batch.js';

/** Batches that a table has at most while nothing waits: one is filled while the other is written. */
const BATCHES = 2;

/** The rows of every table that are not sealed yet. */
export class OpenBatches {
  private readonly batches = new Map<string, RowBatch>();
  private taken = 0;
  /** Emptied batches, whose memory the next rows use. */
  private readonly spare = new Map<string, RowBatch[]>();

  constructor(private readonly node: string) {}

  /** The batch that new rows of the table go to. Ask anew for every request: sealing replaces it. */
  of<C extends Columns>(table: Table<C>): RowBatch<C> {
    const open = this.batches.get(table.name);
    // The map holds under a table's name only batches made of that very table.
    if (open !== undefined) return open as unknown as RowBatch<C>;
    const batch = this.spareOf(table.name).pop() ?? (new RowBatch(table, this.node) as unknown as RowBatch);
    this.batches.set(table.name, batch);
    return batch as unknown as RowBatch<C>;
  }

  /** Memory of all rows, in bytes, about. */
  get bytes(): number {
    let sum = 0;
    for (const batch of this.batches.values()) sum += batch.bytes;
    return sum;
  }

  /** Changes whenever `take` has put new batches in the place of the old ones. */
  get generation(): number {
    return this.taken;
  }

  /** The rows as they are now: `takeBack` forgets those that come later. */
  mark(): ReadonlyMap<string, number> {
    return new Map([...this.batches].map(([name, batch]) => [name, batch.rows]));
  }

  /** Forgets the rows that came since the mark, which must be of this generation. */
  takeBack(mark: ReadonlyMap<string, number>): void {
    for (const [name, batch] of this.batches) batch.truncate(mark.get(name) ?? 0);
  }

  /**
   * Takes all batches that have rows out, to be sealed; new rows go to others. For tables that have none no memory is
   * kept: it is not counted, and rows of other tables may need it.
   */
  take(): RowBatch[] {
    const taken = [...this.batches.values()].filter((batch) => batch.rows > 0);
    const names = new Set(taken.map(({ table }) => table.name));
    for (const name of names) this.batches.delete(name);
    for (const name of this.spare.keys()) if (!names.has(name)) this.spare.delete(name);
    this.taken++;
    return taken;
  }

  /** Empties batches that were taken and are written now, to be used again. */
  giveBack(written: readonly RowBatch[]): void {
    for (const batch of written) {
      const { name } = batch.table;
      const spare = this.spareOf(name);
      batch.truncate(0);
      if (spare.length + (this.batches.has(name) ? 1 : 0) < BATCHES) spare.push(batch);
    }
  }

  private spareOf(table: string): RowBatch[] {
    const spare = this.spare.get(table) ?? [];
    this.spare.set(table, spare);
    return spare;
  }
}
