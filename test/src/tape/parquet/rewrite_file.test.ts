import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextPool } from '../../../../src/tape/columns/text_pool.js';
import { readParquet } from '../../../../src/tape/parquet/read/read_parquet.js';
import { rewriteParquet, type SourceGroup } from '../../../../src/tape/parquet/rewrite_file.js';
import { withEntries, withoutValues } from '../../../../src/tape/parquet/text_chunks.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { scratch } from '../../../scratch.js';
import { anyVisit, batchOf, EMPTY, sorted, visits } from '../visits.js';
import { duckdbCopies } from './duckdb_copies.js';
import { louderFile, louderRow, loudly, rowsIn, TEXTS } from './louder.js';

test('any rows with other texts: the same rows, ours and of DuckDB', async (t) => {
  const { copied } = await duckdbCopies(t);
  await fc.assert(
    fc.asyncProperty(fc.array(anyVisit, { minLength: 1, maxLength: 100 }), async (rows) => {
      const ours = encodeParquet(batchOf(rows));
      for (const bytes of [ours, await copied(ours)]) {
        assert.deepEqual(rowsIn(louderFile(bytes)), sorted(rows).map(louderRow));
      }
    }),
    { numRuns: 40 },
  );
});

/** Rows of several row groups, with texts that repeat, texts that do not, and more than a page of DuckDB's dictionary. */
const MANY = Array.from({ length: 150_000 }, (_, i) => ({
  ...EMPTY,
  time: BigInt(i),
  guest: i % 3 === 0 ? `guest ${i}` : 'somebody',
  small: i % 5 === 0 ? null : i,
  tags: [['number', String(i % 90_000)] as const, ['kind', i % 7 === 0 ? null : 'visit'] as const],
  names: i % 2 === 0 ? [] : [`random ${Math.imul(i, 0x9e3779b1)} text`],
}));

test('many rows: what DuckDB asks of them', async (t) => {
  const directory = scratch(t);
  const { duckdb, copied } = await duckdbCopies(t);
  const ours = encodeParquet(batchOf(MANY));
  for (const [name, bytes] of Object.entries({ ours, merged: await copied(ours) })) {
    const file = join(directory, `${name}.parquet`);
    writeFileSync(file, louderFile(bytes));
    const asked = await duckdb.runAndReadAll(`
        SELECT count(*), count(*) FILTER (guest = 'somebody!'), count(DISTINCT guest), sum(small),
          count(DISTINCT tags['number!']), count(tags['kind!']), count(DISTINCT names)
        FROM '${file}' WHERE epoch_ns(time) >= 100000 AND (small IS NULL OR small > 120000)`);
    const rows = MANY.filter(({ time, small }) => time >= 100_000n && (small === null || small > 120_000));
    const somebody = rows.filter(({ guest }) => guest === 'somebody').length;
    assert.deepEqual(asked.getRows()[0]?.map(Number), [
      rows.length,
      somebody,
      rows.length - somebody + 1,
      rows.reduce((sum, { small }) => sum + (small ?? 0), 0),
      new Set(rows.map(({ tags }) => tags[0]?.[1])).size,
      rows.filter(({ tags }) => tags[1]?.[1] !== null).length,
      new Set(rows.map(({ names }) => names.join())).size,
    ]);
  }
});

test('what may be missing can be left out: NULLs, empty lists, empty texts; of a merged file too', async (t) => {
  const rows = [
    { ...EMPTY, time: 1n, guest: 'ann', small: 3, tags: [['a', 'b'] as const], names: ['x'], counts: [1n] },
    { ...EMPTY, time: 2n },
  ];
  const without = (name: keyof typeof visits.columns, group: SourceGroup) =>
    group.places(name).map((place) => withoutValues(place, group.rows, visits.columns[name]));
  const ours = encodeParquet(batchOf(rows));
  const { copied } = await duckdbCopies(t);
  for (const file of [ours, await copied(ours)]) {
    const bytes = rewriteParquet(file, visits, 'visits.parquet', (name, group) =>
      name === 'time' ? group.numbers(name) : without(name as keyof typeof visits.columns, group),
    );
    const [batch] = [...readParquet(bytes, visits, 'visits.parquet')];
    assert.deepEqual(
      [batch?.node, batch?.row(0), batch?.row(1)],
      ['', { ...EMPTY, time: 1n }, { ...EMPTY, time: 2n }],
    );
  }
});

test('entries may have other numbers, and values may become NULL', () => {
  const rows = ['ann', 'bea', 'ann'].map((guest, i) => ({ ...EMPTY, time: BigInt(i), guest }));
  const bytes = rewriteParquet(encodeParquet(batchOf(rows)), visits, 'visits.parquet', (name, group) => {
    if (name !== 'guest') return TEXTS.includes(name) ? group.texts(name).map(loudly) : group.numbers(name);
    return group.texts(name).map((source) => {
      const texts = new TextPool();
      for (const text of ['anna', 'beatrice', 'anton']) texts.addString(text);
      assert.deepEqual([...source.entries.numbers], [0, 1, 0]);
      const [definition, numbers] = [Uint8Array.from([1, 0, 1]), Int32Array.from([0, 2])];
      return withEntries(source, texts, { ...source.entries, definition, numbers, present: 2 });
    });
  });
  const guests = rowsIn(bytes).map(({ guest }) => guest);
  assert.deepEqual(guests, ['anna', null, 'anton']);
});
