import type { Loss } from '../../src/tape/loss_row.js';
import type { RowBatch } from '../../src/tape/row_batch.js';

/** Whether rows may not be given up: what was acknowledged is in the journal, and losses are to be told. */
export function isHeldByJournal({ table }: RowBatch): boolean {
  return ['traces', 'metrics', 'logs'].includes(table.source) || table.name === 'losses';
}

/** What is said of rows that are given up because they could not be written. */
export function lossOf(batch: RowBatch, problem = 'the disk is slow'): Loss {
  const { first = 0n, last = 0n } = batch.timeRange() ?? {};
  const range = { since: first, until: last, table: batch.table.name, count: BigInt(batch.rows) };
  const detail = `kept in memory until it was full: ${problem}`;
  // Objects that were seen but not kept are a gap like one of the watch.
  return batch.table.source === 'kubernetes'
    ? { ...range, source: 'kubernetes', reason: 'watch gap', detail }
    : { ...range, source: 'recorder', reason: 'memory full', detail };
}
