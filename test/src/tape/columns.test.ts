import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RecordBatch, Table } from 'apache-arrow';
import fc from 'fast-check';
import { column, optional, table } from '../../../src/schema/table.js';
import { T } from '../../../src/schema/types.js';
import { TextColumn } from '../../../src/tape/columns/text.js';
import { RowBatch } from '../../../src/tape/row_batch.js';

const visits = table({
  name: 'visits',
  doc: 'Rows to try columns on.',
  source: 'recorder',
  columns: {
    time: column(T.time, 'When.'),
    node: column(T.node, 'Where.'),
    guest: optional(T.host, 'Who.'),
    big: optional(T.raw_time, 'A large number.'),
    small: optional(T.number, 'A small number.'),
    ratio: optional(T.measurement, 'A ratio.'),
    paid: optional(T.flag, 'Yes or no.'),
    tags: column(T.attributes, 'Tags.'),
    counts: column(T.counts, 'Counts.'),
    names: column(T.policies, 'Names.'),
  },
});

interface Visit {
  readonly time: bigint;
  readonly guest?: string;
  readonly big?: bigint;
  readonly small?: number;
  readonly ratio?: number;
  readonly paid?: boolean;
  readonly tags?: readonly (readonly [string, string])[];
  readonly counts?: readonly bigint[];
  readonly names?: readonly string[];
}

function append(batch: RowBatch<typeof visits.columns>, visit: Visit): void {
  const { columns } = batch;
  columns.time.appendBigint(visit.time);
  if (visit.guest === undefined) columns.guest.appendNull();
  else columns.guest.appendString(visit.guest);
  if (visit.big === undefined) columns.big.appendNull();
  else columns.big.appendBigint(visit.big);
  if (visit.small === undefined) columns.small.appendNull();
  else columns.small.append(visit.small);
  if (visit.ratio === undefined) columns.ratio.appendNull();
  else columns.ratio.append(visit.ratio);
  if (visit.paid === undefined) columns.paid.appendNull();
  else columns.paid.append(visit.paid);
  for (const [key, value] of visit.tags ?? []) {
    columns.tags.keys.appendString(key);
    columns.tags.values.appendString(value);
  }
  columns.tags.endRow();
  for (const count of visit.counts ?? []) columns.counts.items.appendBigint(count);
  columns.counts.endRow();
  for (const name of visit.names ?? []) columns.names.items.appendString(name);
  columns.names.endRow();
}

const batchOf = (rows: readonly Visit[]) => {
  const batch = new RowBatch(visits, 'n1');
  for (const visit of rows) append(batch, visit);
  return batch;
};

/** Rows as plain values, but for their time. */
function read(recordBatch: RecordBatch): Omit<Visit, 'time'>[] {
  return new Table([recordBatch]).toArray().map((row) => {
    const { time: _, node, tags, counts, names, ...scalars } = row.toJSON();
    assert.equal(node, 'n1');
    const present: Partial<Visit> = Object.fromEntries(
      Object.entries(scalars).filter(([, value]) => value !== null),
    );
    return { ...present, tags: [...tags], counts: [...counts], names: [...names] };
  });
}

test('rows come out as they went in, sorted by time', () => {
  const batch = batchOf([
    {
      time: 2n,
      guest: 'Zoë',
      big: 2n ** 64n - 1n,
      small: -7,
      ratio: -0,
      paid: true,
      tags: [
        ['a', '1'],
        ['b', ''],
      ],
    },
    { time: 1n, counts: [2n ** 64n - 1n, 0n] },
  ]);
  const arrow = batch.toArrow();
  assert.deepEqual(arrow.getChild('guest')?.toJSON(), [null, 'Zoë']);
  assert.deepEqual(arrow.getChild('big')?.toJSON(), [null, 2n ** 64n - 1n]);
  assert.deepEqual(arrow.getChild('small')?.toJSON(), [null, -7]);
  assert.deepEqual(arrow.getChild('ratio')?.toJSON(), [null, -0]);
  assert.deepEqual(arrow.getChild('paid')?.toJSON(), [null, true]);
  assert.deepEqual([...(arrow.getChild('counts')?.get(0) ?? [])], [2n ** 64n - 1n, 0n]);
  assert.deepEqual(batch.timeRange(), { first: 1n, last: 2n });
});

const visit: fc.Arbitrary<Visit> = fc.record(
  {
    time: fc.bigInt({ min: 0n, max: 2n ** 53n }),
    guest: fc.string({ unit: 'grapheme', maxLength: 60 }),
    big: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    small: fc.integer(),
    ratio: fc.double({ noNaN: true }),
    paid: fc.boolean(),
    tags: fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([key]) => key, maxLength: 4 }),
    counts: fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 4 }),
    names: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
  },
  { requiredKeys: ['time'] },
);

test('any rows, any of them taken back: what remains is what Arrow reads', () => {
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 40 }), fc.array(visit, { maxLength: 5 }), (kept, takenBack) => {
      const batch = batchOf(kept);
      for (const row of takenBack) append(batch, row);
      batch.truncate(kept.length);
      const expected = [...kept]
        .map((row) => ({ tags: [], counts: [], names: [], ...row }))
        .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      const rows = read(batch.toArrow());
      assert.deepEqual(
        rows,
        expected.map(({ time: _, ...values }) => values),
      );
    }),
    { numRuns: 200 },
  );
});

test('a column that got no value for a row is named, and so is a NULL where there is none', () => {
  const batch = new RowBatch(visits, 'n1');
  batch.columns.time.appendBigint(1n);
  assert.throws(() => batch.toArrow(), { message: /^visits\.guest: 0 values for 1 rows/ });
  const nulls = batchOf([{ time: 1n }]);
  nulls.columns.time.appendNull();
  append(nulls, { time: 1n });
  nulls.truncate(1);
  assert.equal(nulls.toArrow().numRows, 1);
});

test('bytes that are not UTF-8 become U+FFFD, and it is told', () => {
  const text = new TextColumn();
  assert.equal(text.appendUtf8(Buffer.from('né'), 0, 3), true);
  assert.equal(text.appendUtf8(Buffer.from([0x61, 0xff, 0x62]), 0, 3), false);
  assert.equal(text.appendUtf8(Buffer.concat([Buffer.alloc(100, 'x'), Buffer.from([0xc3])]), 0, 101), false);
  assert.deepEqual([text.string(0), text.string(1), text.string(2)], ['né', 'a�b', `${'x'.repeat(100)}�`]);
});
