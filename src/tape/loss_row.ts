import { losses } from '../schema/tables/losses.js';
import type { OpenBatches } from './open_batches.js';

/** Why a table lacks rows that were left out when a part of a tape was made a tape of its own. */
export const LEFT_OUT = 'left out by cut';

/** A stretch in which something was lost; times are nanoseconds since the epoch. */
export interface Loss {
  readonly since: bigint;
  readonly until: bigint;
  readonly source:
    | 'probe'
    | 'otlp'
    | 'kubernetes'
    | 'cgroups'
    | 'hubble'
    | 'netobserv'
    | 'clock'
    | 'recorder';
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
  columns.table_name.appendOptional(loss.table);
  columns.reason.appendString(loss.reason);
  columns.subject.appendOptional(loss.subject);
  if (loss.count === undefined) columns.count.appendNull();
  else columns.count.appendBigint(loss.count);
  columns.detail.appendOptional(loss.detail);
}
