import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { textNumbers } from '../../../../src/share/proof/parquet/entries.js';
import { type ColumnChunk, readFooter } from '../../../../src/share/proof/parquet/footer.js';
import { pagesOf, textsIn } from '../../../../src/share/proof/parquet/pages.js';
import { ByteBuffer } from '../../../../src/tape/parquet/byte_buffer.js';
import { bool, type Fields, i32, struct, writeStruct } from '../../../../src/tape/parquet/thrift.js';
import { compress } from '../../../../src/tape/parquet/zstd.js';
import { scratch } from '../../../scratch.js';

/*
 * Pages made by hand, byte by byte, as Parquet's Encodings.md describes them: in each there is something that no reader
 * of its values sees.
 */

const PAGE = { data: 0, index: 1, dictionary: 2, dataV2: 3 };
const INT64 = 2;
const BYTE_ARRAY = 6;
const ZSTD = 6;
const [PLAIN, RLE, DELTA, DELTA_LENGTH, DICTIONARY] = [0, 3, 5, 6, 8];

test('what is behind the values of a page is accounted to none', () => {
  const cases: readonly [what: string, chunk: Partial<ColumnChunk>, page: Buffer, unaccounted: string[]][] = [
    ['two numbers of eight bits, packed', {}, page(2, DICTIONARY, [8, 3, 0, 0, 'hidden']), ['hidden']],
    ['the groups that no number needs', {}, page(8, DICTIONARY, [1, 7, 0b10101010, 'hi']), ['hi']],
    ['a run of two', {}, page(2, DICTIONARY, [1, 4, 0, 'hidden']), ['hidden']],
    ['a run of none', {}, page(2, DICTIONARY, [32, 0, 'hide']), ['\0hide']],
    ['numbers of eight bytes', { type: INT64 }, page(1, PLAIN, ['8 bytes.', 'hidden']), ['hidden']],
    ['a bit for each of nine', { type: 0 }, page(9, PLAIN, [255, 1, 'hidden']), ['hidden']],
    ['bits in runs', { type: 0 }, page(9, RLE, [2, 0, 0, 0, 18, 1, 'hidden']), ['hidden']],
    [
      'the last of a miniblock',
      { type: INT64 },
      page(2, DELTA, deltas(2, 'hidden')),
      ['hidden'.padEnd(31, '\0')],
    ],
    [
      'lengths',
      {},
      page(2, DELTA_LENGTH, [...deltas(2, 'hide'), 'abcd', 'end']),
      ['hide'.padEnd(31, '\0'), 'end'],
    ],
    ['texts', {}, page(1, PLAIN, [2, 0, 0, 0, 'ab', 'hidden']), ['hidden']],
    [
      'an entry that is not there',
      { mostDefinition: 1 },
      page(2, PLAIN, [2, 0, 0, 0, 3, 1, 2, 0, 0, 0, 'ab', 'hidden']),
      ['hidden'],
    ],
    ['levels', { mostDefinition: 1 }, page(1, PLAIN, [8, 0, 0, 0, 2, 1, 'hidden', 0, 0, 0, 0]), ['hidden']],
    [
      'levels of lists',
      { mostRepetition: 1 },
      page(1, PLAIN, [8, 0, 0, 0, 2, 0, 'hidden', 0, 0, 0, 0]),
      ['hidden'],
    ],
    ['an encoding that nobody knows', { type: INT64 }, page(1, 77, ['hidden']), ['hidden']],
    ['a page that is none', { type: INT64 }, pageOf({ 1: i32(PAGE.index) }, ['hidden']), ['hidden']],
    [
      'a dictionary of numbers',
      { type: INT64 },
      pageOf({ 1: i32(PAGE.dictionary), 7: struct({ 1: i32(1), 2: i32(PLAIN) }) }, ['8 bytes.', 'hidden']),
      ['hidden'],
    ],
    [
      'levels of the second version',
      { mostDefinition: 1 },
      pageV2(1, 0, 8, [2, 1, 'hidden', 0, 0, 0, 0]),
      ['hidden'],
    ],
    ['levels that the column has not', {}, pageV2(1, 6, 0, ['hidden', 0, 0, 0, 0]), ['hidden']],
  ];
  for (const [what, chunk, bytes, expected] of cases)
    assert.deepEqual(unaccounted(bytes, chunk), expected, what);
});

test('what stands in frames that ZSTD passes over is accounted to none', () => {
  const skippable = (text: string) => [0x5a, 0x2a, 0x4d, 0x18, text.length, 0, 0, 0, text];
  for (const values of ['8 bytes.', 'incompressible? '.repeat(20_000), '\0'.repeat(400_000)]) {
    const frame = compress(Buffer.from(values));
    const stored = bytesOf([...skippable('before'), frame, ...skippable('hidden'), frame, ...skippable('')]);
    const header = { 1: i32(PAGE.data), 2: i32(2 * values.length) };
    const bytes = pageOf({ ...header, 5: struct({ 1: i32(values.length / 4), 2: i32(PLAIN) }) }, [stored]);
    assert.deepEqual(unaccounted(bytes, { type: INT64, codec: ZSTD }), ['before', 'hidden']);
  }
});

test('a page that lies is an error that names the column', () => {
  const cases: readonly [page: Buffer, chunk: Partial<ColumnChunk>, message: RegExp][] = [
    [pageV2(1, 5, 6, ['12345678901'], 3), { codec: ZSTD }, /a page with 5 and 6 bytes of levels/],
    [pageV2(1, -8, 8, ['12345678']), { codec: ZSTD }, /a page with -8 and 8 bytes of levels/],
    [pageV2(1, 900, 0, ['12345678']), {}, /a page with 900 and 0 bytes of levels/],
    [pageOf({ 1: i32(PAGE.data), 2: i32(-1) }, []), {}, /a page of -1 bytes/],
    [pageOf({ 1: i32(PAGE.data), 2: i32(2 ** 30 + 1) }, []), {}, /a page of 1073741825 bytes/],
    [page(-1, PLAIN, []), {}, /a page of -1 values/],
    [page(3, DICTIONARY, [8, 3, 0]), {}, /runs of numbers reach beyond their page/],
    [page(3, PLAIN, [99, 0, 0, 0]), { mostDefinition: 1 }, /levels reach beyond their page/],
    [
      page(900, DELTA, deltas(900, '')),
      { type: INT64 },
      /a number reaches beyond its page|deltas reach beyond/,
    ],
    [page(1, DELTA, deltas(2, '')), { type: INT64 }, /2 numbers where there are 1 values/],
    [page(2, DELTA, [0, 0, 2, 0]), { type: INT64 }, /blocks of 0 numbers in 0 miniblocks/],
  ];
  for (const [bytes, chunk, message] of cases) {
    assert.throws(() => unaccounted(bytes, chunk), { name: 'InvalidFileError', message });
    assert.throws(() => unaccounted(bytes, chunk), /^InvalidFileError: x.parquet: column c: /);
  }
});

test('which key a value is under is read as DuckDB reads it, whatever is missing', async (t) => {
  // Of 3000 rows some have no map, some an empty one, and some values are NULL; few values, or more than a dictionary has.
  for (const value of [`'v' || i % 7`, `'v' || i * 1000`]) {
    const rows = `SELECT CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN MAP {}
      ELSE MAP {'k' || i % 3: CASE WHEN i % 4 = 0 THEN NULL ELSE ${value} END, 'other': 'w'} END AS a FROM range(3000) r(i)`;
    for (const options of ['COMPRESSION uncompressed', 'COMPRESSION zstd, PARQUET_VERSION v2']) {
      const { bytes, pairs } = await writtenPairs(t, rows, options);
      const [keys, values] = readFooter(bytes, 'x').chunks;
      assert.ok(keys !== undefined && values !== undefined);
      const keyTexts = textsOf(bytes, keys);
      const valueTexts = textsOf(bytes, values);
      const valueAt = textNumbers(bytes, values, 'x');
      const read = [...textNumbers(bytes, keys, 'x')].map((key, i) => [
        keyTexts[key],
        valueTexts[valueAt[i] ?? -1],
      ]);
      const there = read.filter(([key]) => key !== undefined);
      assert.deepEqual(there, pairs);
    }
  }
});

/** What of the pages of a chunk is accounted to no value. */
function unaccounted(bytes: Buffer, chunk: Partial<ColumnChunk>): string[] {
  const before = Buffer.from('PAR1');
  const whole = { column: 'c', path: 'c', rowGroup: 0, type: BYTE_ARRAY, codec: 0, values: 0 };
  const levels = { mostRepetition: 0, mostDefinition: 0 };
  const place = { start: before.length, end: before.length + bytes.length };
  const pages = pagesOf(
    Buffer.concat([before, bytes]),
    { ...whole, ...levels, ...place, ...chunk },
    'x.parquet',
  );
  return [...pages].flatMap((page) => page.unaccounted.map((each) => Buffer.from(each).toString()));
}

type Bytes = readonly (number | string | Uint8Array)[];

/** A data page, not compressed. */
function page(values: number, encoding: number, body: Bytes): Buffer {
  return pageOf({ 1: i32(PAGE.data), 5: struct({ 1: i32(values), 2: i32(encoding) }) }, body);
}

/** A PLAIN data page of the second version, not compressed, with so many bytes of repetition and definition levels. */
function pageV2(values: number, repetition: number, definition: number, body: Bytes, size?: number): Buffer {
  const header = { 1: i32(values), 4: i32(PLAIN), 5: i32(definition), 6: i32(repetition), 7: bool(false) };
  return pageOf({ 1: i32(PAGE.dataV2), ...(size && { 2: i32(size) }), 8: struct(header) }, body);
}

/** A page with this header, in which its sizes are added. */
function pageOf(header: Fields, body: Bytes): Buffer {
  const to = new ByteBuffer();
  const bytes = bytesOf(body);
  writeStruct(to, { 2: i32(bytes.length), 3: i32(bytes.length), ...header });
  return Buffer.concat([to.written, bytes]);
}

/** DELTA_BINARY_PACKED numbers in blocks of 128: all twos, but a byte for each, and a text in the place of the others. */
function deltas(count: number, instead: string): Bytes {
  const header = [0x80, 1, 4, count & 0x7f, 4];
  return count > 127
    ? [0x80, 1, 4, (count & 0x7f) | 0x80, count >> 7, 4]
    : [...header, 0, 8, 0, 0, 0, 0, instead.padEnd(31, '\0')];
}

function bytesOf(parts: Bytes): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part as string))),
  );
}

function textsOf(bytes: Buffer, chunk: ColumnChunk): string[] {
  const all: string[] = [];
  for (const { bytes: page, starts, ends, count } of textsIn(bytes, chunk, 'x')) {
    for (let i = 0; i < count; i++) all.push(page.toString('utf8', starts[i], ends[i]));
  }
  return all;
}

/** A column of maps as DuckDB writes it, and its pairs as DuckDB reads it. */
async function writtenPairs(t: TestContext, rows: string, options: string) {
  const connection = await (await DuckDBInstance.create()).connect();
  const file = join(scratch(t), 'x.parquet');
  await connection.run(`COPY (${rows}) TO '${file}' (FORMAT parquet, ${options})`);
  const entries = `SELECT unnest(map_entries(a), recursive := true) FROM '${file}'`;
  const read = await connection.runAndReadAll(entries);
  connection.closeSync();
  const pairs = read.getRows().map(([key, value]) => [key, value ?? undefined]);
  return { bytes: readFileSync(file), pairs };
}
