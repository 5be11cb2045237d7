import type { Table } from '../../schema/table.js';

/**
 * How times are written for tools that do not read nanoseconds without a zone: `ns` as in tapes, `us-utc` as UTC in
 * microseconds, which all engines read, `int64` as nanoseconds since the epoch.
 */
export const TIME_FORMS = ['ns', 'us-utc', 'int64'] as const;

export type TimeForm = (typeof TIME_FORMS)[number];

/** Names of the columns that hold times. */
export function timeColumns({ columns }: Table): string[] {
  return Object.entries(columns)
    .filter(([, { type }]) => type.physical === 'timestamp')
    .map(([name]) => name);
}
