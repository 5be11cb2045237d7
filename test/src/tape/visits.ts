import fc from 'fast-check';
import { column, optional, table } from '../../../src/schema/table.js';
import { T } from '../../../src/schema/types.js';
import type { Cell } from '../../../src/tape/columns/column.js';
import { RowBatch } from '../../../src/tape/row_batch.js';

/** A table with a column of every layout. */
export const visits = table({
  name: 'visits',
  doc: 'Rows to try columns on.',
  source: 'recorder',
  columns: {
    time: column(T.time, 'When.'),
    node: column(T.node, 'Where.'),
    guest: optional(T.host, 'Who.'),
    big: optional(T.raw_time, 'A large number.'),
    lasted: optional(T.duration_ns, 'A large number with a sign.'),
    small: optional(T.number, 'A small number.'),
    bytes: optional(T.packet_bytes, 'A small number without a sign.'),
    ratio: optional(T.measurement, 'A ratio.'),
    paid: optional(T.flag, 'Yes or no.'),
    tags: column(T.attributes, 'Tags.'),
    counts: column(T.counts, 'Counts.'),
    ratios: column(T.measurements, 'Ratios.'),
    names: column(T.policies, 'Names.'),
  },
});

/** A row but for its node, as `RowBatch.row` gives it. */
export interface Visit {
  readonly time: bigint;
  readonly guest: string | null;
  readonly big: bigint | null;
  readonly lasted: bigint | null;
  readonly small: number | null;
  readonly bytes: number | null;
  readonly ratio: number | null;
  readonly paid: boolean | null;
  readonly tags: readonly (readonly [string, string | null])[];
  readonly counts: readonly bigint[];
  readonly ratios: readonly number[];
  readonly names: readonly string[];
}

/** A row that has a time and nothing else. */
export const EMPTY: Visit = {
  time: 0n,
  guest: null,
  big: null,
  lasted: null,
  small: null,
  bytes: null,
  ratio: null,
  paid: null,
  tags: [],
  counts: [],
  ratios: [],
  names: [],
};

export function append({ columns }: RowBatch<typeof visits.columns>, visit: Visit): void {
  columns.time.appendBigint(visit.time);
  columns.guest.appendOptional(visit.guest);
  for (const name of ['big', 'lasted'] as const) {
    const value = visit[name];
    if (value === null) columns[name].appendNull();
    else columns[name].appendBigint(value);
  }
  for (const name of ['small', 'bytes', 'ratio'] as const) {
    const value = visit[name];
    if (value === null) columns[name].appendNull();
    else columns[name].append(value);
  }
  if (visit.paid === null) columns.paid.appendNull();
  else columns.paid.append(visit.paid);
  for (const [key, value] of visit.tags) {
    columns.tags.keys.appendString(key);
    columns.tags.values.appendOptional(value);
  }
  columns.tags.endRow();
  for (const count of visit.counts) columns.counts.items.appendBigint(count);
  columns.counts.endRow();
  for (const ratio of visit.ratios) columns.ratios.items.append(ratio);
  columns.ratios.endRow();
  for (const name of visit.names) columns.names.items.appendString(name);
  columns.names.endRow();
}

export function batchOf(rows: readonly Visit[]): RowBatch<typeof visits.columns> {
  const batch = new RowBatch(visits, 'n1');
  for (const visit of rows) append(batch, visit);
  return batch;
}

/** Rows of a batch, in order of time. */
export function sorted(rows: readonly Visit[]): Visit[] {
  return [...rows].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** All rows of a batch in the order they came. */
export function rowsOf(batch: RowBatch<typeof visits.columns>): Record<string, Cell>[] {
  return Array.from({ length: batch.rows }, (_, row) => batch.row(row));
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'abc', 'abcd', 'checkout'),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const optionally = <V>(value: fc.Arbitrary<V>) => fc.option(value, { nil: null, freq: 3 });

/** Any row; its time is near the others' or anywhere between the years 1970 and 2262. */
export const anyVisit: fc.Arbitrary<Visit> = fc.record(
  {
    time: fc.oneof(
      fc.bigInt({ min: 1_760_000_000_000_000_000n, max: 1_760_000_001_000_000_000n }),
      fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    ),
    guest: optionally(text),
    big: optionally(fc.oneof(fc.bigInt({ min: 0n, max: 1000n }), unsigned)),
    lasted: optionally(fc.oneof(fc.bigInt({ min: -1000n, max: 1000n }), signed)),
    small: optionally(fc.integer()),
    bytes: optionally(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    ratio: optionally(fc.double({ noNaN: true })),
    paid: optionally(fc.boolean()),
    tags: fc.uniqueArray(fc.tuple(text, optionally(text)), { selector: ([key]) => key, maxLength: 4 }),
    counts: fc.array(unsigned, { maxLength: 4 }),
    ratios: fc.array(fc.double({ noNaN: true }), { maxLength: 4 }),
    names: fc.array(text, { maxLength: 4 }),
  },
  { noNullPrototype: true },
);
