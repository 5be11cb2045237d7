import type { Columns } from '../schema/table.js';
import type { GrowingColumn } from '../tape/columns/column.js';
import { AttributesColumn } from '../tape/columns/nested.js';
import { TextColumn } from '../tape/columns/text.js';
import { TextPool } from '../tape/columns/text_pool.js';
import { type BatchColumns, columnsOf, type RowBatch } from '../tape/row_batch.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Texts of rows that were forgotten are kept up to this size: the next request's resource is mostly the same. */
const MAX_KEPT_BYTES = 1 << 20;

/**
 * Columns that are the same for every row of a group, such as those of a resource: decoded once into one row, then
 * copied to all rows of the group when it ends. So it does not matter whether the resource comes before its spans or
 * after them, as protobuf leaves open.
 */
export class SharedColumns<C extends Columns> {
  /** The one row: append one value to each column, then `fill`. */
  readonly row: BatchColumns<C>;
  private readonly pool = new TextPool();
  private readonly sources: readonly GrowingColumn[];
  private readonly copies: { from: GrowingColumn; to: GrowingColumn; batch: RowBatch }[] = [];

  constructor(columns: C, batches: readonly RowBatch[]) {
    this.row = columnsOf(columns, this.pool);
    const sources = Object.entries(this.row) as [string, GrowingColumn][];
    this.sources = sources.map(([, column]) => column);
    for (const batch of batches) {
      for (const [name, from] of sources) {
        const to = batch.column(name);
        if (to !== undefined) this.copies.push({ from, to, batch });
      }
    }
  }

  /** Copies the row, NULL where it got no value, to all rows that lack it, and forgets it. */
  fill({ size }: ProtobufReader): void {
    for (const column of this.sources) column.padTo(1);
    for (const { from, to, batch } of this.copies) {
      const rows = batch.rows - to.length;
      if (rows === 0) continue;
      size.addShared(plainBytes(from), rows);
      to.appendCopies(from, 0, rows);
    }
    this.clear();
  }

  /** Forgets what of the row there is. */
  clear(): void {
    for (const column of this.sources) column.truncate(0);
    if (this.pool.bytes > MAX_KEPT_BYTES) this.pool.clear();
  }
}

/** Bytes that the rows of a column take where each text is written out. */
function plainBytes(column: GrowingColumn): number {
  if (column instanceof AttributesColumn) return plainBytes(column.keys) + plainBytes(column.values);
  if (!(column instanceof TextColumn)) return column.bytes;
  let sum = column.bytes;
  for (let row = 0; row < column.length; row++) if (!column.isNull(row)) sum += column.size(row);
  return sum;
}
