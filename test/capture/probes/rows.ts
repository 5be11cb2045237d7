import type { Columns } from '../../../src/schema/table.js';
import type { RowBatch } from '../../../src/tape/row_batch.js';

/** The rows of a batch in the order they came, as objects. */
export function rowsIn<C extends Columns>(batch: RowBatch<C>): Record<string, unknown>[] {
  return Array.from({ length: batch.rows }, (_, row) => ({ node: batch.node, ...batch.row(row) }));
}
