import type { Columns } from '../../../src/schema/table.js';
import type { RowBatch } from '../../../src/tape/row_batch.js';

/** The rows of a batch in the order they came, as objects; times to the nanosecond. */
export function rowsIn<C extends Columns>(batch: RowBatch<C>): Record<string, unknown>[] {
  const time = batch.column('time');
  const times = Array.from({ length: batch.rows }, (_, row) =>
    time !== undefined && 'bigint' in time ? time.bigint(row) : undefined,
  ).sort((a, b) => Number((a ?? 0n) - (b ?? 0n)));
  return batch
    .toArrow()
    .toArray()
    .map((row, i) => ({ ...row.toJSON(), time: times[i] }));
}
