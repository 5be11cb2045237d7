import type { Columns, Table } from '../src/schema/table.js';
import { RowBatch } from '../src/tape/row_batch.js';

/** The rows of every table that are not sealed yet. */
export class OpenBatches {
  private batches = new Map<string, RowBatch>();

  constructor(private readonly node: string) {}

  /** The batch that new rows of the table go to. Ask anew for every request: sealing replaces it. */
  of<C extends Columns>(table: Table<C>): RowBatch<C> {
    const open = this.batches.get(table.name);
    // The map holds under a table's name only batches made of that very table.
    if (open !== undefined) return open as unknown as RowBatch<C>;
    const batch = new RowBatch(table, this.node);
    this.batches.set(table.name, batch as unknown as RowBatch);
    return batch;
  }

  /** Memory of all rows, in bytes, about. */
  get bytes(): number {
    let sum = 0;
    for (const batch of this.batches.values()) sum += batch.bytes;
    return sum;
  }

  /** Takes all batches that have rows out, to be sealed; new rows go to new ones. */
  take(): RowBatch[] {
    const taken = [...this.batches.values()].filter((batch) => batch.rows > 0);
    this.batches = new Map();
    return taken;
  }
}
