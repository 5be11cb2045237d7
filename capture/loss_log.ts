import { losses } from '../src/schema/tables/losses.js';
import type { TextColumn } from '../src/tape/columns/text.js';
import type { OpenBatches } from './open_batches.js';

/** A stretch in which something was lost; times are nanoseconds since the epoch. */
export interface Loss {
  readonly since: bigint;
  readonly until: bigint;
  readonly source: 'probe' | 'otlp' | 'kubernetes' | 'clock' | 'recorder';
  /** The table that lacks rows, where it is one. */
  readonly table?: string;
  readonly reason: string;
  /** What in particular: a drop reason, a kind of object. */
  readonly subject?: string;
  /** Rows lost, where that is known. */
  readonly count?: bigint;
  readonly detail?: string;
}

/** Adds a row to `losses`. */
export function recordLoss(batches: OpenBatches, loss: Loss): void {
  const { columns } = batches.of(losses);
  columns.time.appendBigint(loss.since);
  columns.until.appendBigint(loss.until);
  columns.source.appendString(loss.source);
  appendOrNull(columns.table_name, loss.table);
  columns.reason.appendString(loss.reason);
  appendOrNull(columns.subject, loss.subject);
  if (loss.count === undefined) columns.count.appendNull();
  else columns.count.appendBigint(loss.count);
  appendOrNull(columns.detail, loss.detail);
}

function appendOrNull(column: TextColumn, text: string | undefined): void {
  if (text === undefined) column.appendNull();
  else column.appendString(text);
}
