import type { Table } from '../../../src/schema/table.js';
import type { GrowingColumn } from '../../../src/tape/columns/column.js';
import { RowBatch } from '../../../src/tape/row_batch.js';
import { batchOf, type Visit, visits } from './visits.js';

/** Rows of any table, each column filled from that of the same layout. */
export function batchLike(table: Table, rows: readonly Visit[]): RowBatch {
  const batch = new RowBatch(table, 'n1');
  const withNulls = batchOf(rows);
  const full = batchOf(
    rows.map(({ guest, big, lasted, small, bytes, ratio, paid, ...lists }) => ({
      ...lists,
      guest: guest ?? 'x',
      big: big ?? 0n,
      lasted: lasted ?? 0n,
      small: small ?? 0,
      bytes: bytes ?? 0,
      ratio: ratio ?? 0,
      paid: paid ?? false,
    })),
  );
  for (const [name, { type, nullable }] of Object.entries(table.columns)) {
    const to: GrowingColumn | undefined = batch.column(name);
    const like = Object.entries(visits.columns).find(
      ([each, { type: other }]) => each !== 'node' && other.physical === type.physical,
    );
    const from: GrowingColumn | undefined = (nullable ? withNulls : full).column(like?.[0] ?? '');
    for (let row = 0; row < rows.length && from !== undefined; row++) to?.appendCopies(from, row, 1);
  }
  return batch;
}
