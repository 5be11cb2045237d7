import { sqlList } from '../../../src/tape/sql/literals.js';
import { receivedRows, segmentRows } from '../../../src/tape/sql/segments.js';
import { isState, lastStates } from '../../../src/tape/sql/states.js';
import type { MergeJob } from './merge_job.js';

/** The rows that a merge is to give, with all columns of the table. */
export function mergedRows({ table, sources, carry }: MergeJob): string {
  const received = receivedRows(sources);
  return segmentRows(carry === undefined || !isState(table) ? received : lastStates(table, received, carry));
}

/** Count, a sum over all values of all rows, which tells tables of other rows apart, and the first and last time. */
export function fingerprint(rows: string): string {
  return `SELECT count(*), sum(hash(row_of)::HUGEINT)::VARCHAR, epoch_ns(min(time)), epoch_ns(max(time))
    FROM (${rows}) AS row_of`;
}

/** All rows of a file. */
export function rowsIn(file: string): string {
  return `FROM read_parquet(${sqlList([file])})`;
}
