import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextPool } from '../../../../src/tape/columns/text_pool.js';
import { readFooter } from '../../../../src/tape/parquet/read/footer.js';
import { type Page, pageBytes, pagesOf } from '../../../../src/tape/parquet/read/pages.js';
import { readParquet } from '../../../../src/tape/parquet/read/read_parquet.js';
import type { TextChunk } from '../../../../src/tape/parquet/read/text_chunk.js';
import { rewriteParquet, type SourceGroup } from '../../../../src/tape/parquet/rewrite_file.js';
import { storedPage } from '../../../../src/tape/parquet/stored_chunk.js';
import { withEntries, withoutValues, withTexts } from '../../../../src/tape/parquet/text_chunks.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { scratch } from '../../../scratch.js';
import { anyVisit, batchOf, EMPTY, sorted, type Visit, visits } from '../visits.js';
import { duckdbCopies } from './duckdb_copies.js';

const TEXTS = ['node', 'guest', 'tags', 'names'];

function louder(text: string): string {
  return `${text}!`;
}

function loudly(source: TextChunk) {
  const texts = new TextPool();
  for (let text = 0; text < source.pool.count; text++) texts.addString(louder(source.pool.string(text)));
  return withTexts(source, texts);
}

/** The file with an exclamation mark after each of its texts. */
function louderFile(bytes: Uint8Array): Uint8Array {
  return rewriteParquet(bytes, visits, 'visits.parquet', (name: string, group: SourceGroup) =>
    TEXTS.includes(name) ? group.texts(name).map(loudly) : group.numbers(name),
  );
}

function louderRow({ guest, tags, names, ...others }: Visit): Visit {
  return {
    ...others,
    guest: guest === null ? null : louder(guest),
    tags: tags.map(([key, value]) => [louder(key), value === null ? null : louder(value)]),
    names: names.map(louder),
  };
}

function rowsIn(bytes: Uint8Array) {
  return [...readParquet(bytes, visits, 'visits.parquet')].flatMap((batch) => {
    assert.equal(batch.node, 'n1!');
    return Array.from({ length: batch.rows }, (_, row) => batch.row(row));
  });
}

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

/** A file of three guests whose pages, a dictionary and one of data, are others than were written. */
function tampered(change: (pages: readonly Page[]) => readonly Page[]): Uint8Array {
  const rows = ['ann', 'bea', 'ann'].map((guest, i) => ({ ...EMPTY, time: BigInt(i), guest }));
  return rewriteParquet(encodeParquet(batchOf(rows)), visits, 'visits.parquet', (name, group) =>
    group.numbers(name).map((chunk) => {
      if (name !== 'guest') return chunk;
      const pages = chunk.pages.map((page) => ({ ...page, bytes: pageBytes(page, chunk.codec) }));
      return { ...chunk, pages: change(pages).map((page) => storedPage(page.bytes, chunk.codec, page)) };
    }),
  );
}

const bytesOf = (text: string) => Buffer.from(text);
const entry = (text: string) => Buffer.concat([Uint8Array.of(text.length, 0, 0, 0), bytesOf(text)]);

test('what lies behind the values of a page is not taken over', () => {
  const hidden = bytesOf('hidden');
  const bytes = tampered((pages) =>
    pages.map((page) => (page.isDictionary ? page : { ...page, bytes: Buffer.concat([page.bytes, hidden]) })),
  );
  const pages = (file: Uint8Array) =>
    readFooter(file).groups.flatMap(({ chunks }) => chunks.flatMap((chunk) => [...pagesOf(file, chunk)]));
  const isHidden = (file: Uint8Array) => pages(file).some((page) => Buffer.from(page.bytes).includes(hidden));
  assert.ok(isHidden(bytes));
  const louder = louderFile(bytes);
  assert.ok(!isHidden(louder));
  assert.deepEqual(
    rowsIn(louder).map(({ guest }) => guest),
    ['ann!', 'bea!', 'ann!'],
  );
});

test('dictionaries that the values do not fit are refused', () => {
  const withDictionary = (texts: readonly string[]) =>
    tampered((pages) =>
      pages.map((page) =>
        page.isDictionary ? { ...page, values: texts.length, bytes: Buffer.concat(texts.map(entry)) } : page,
      ),
    );
  assert.throws(() => louderFile(withDictionary(['ann'])), {
    message: 'visits.parquet: column guest: entry 1 of a dictionary of 1',
  });
  assert.throws(() => louderFile(withDictionary(['a', 'b', 'c', 'd'])), {
    message: 'visits.parquet: column guest: a dictionary of 4 texts for 3 values',
  });
});
