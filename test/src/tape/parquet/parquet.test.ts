import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import zstd from '@foxglove/wasm-zstd';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { tables } from '../../../../src/schema/tables/index.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { RowBatch } from '../../../../src/tape/row_batch.js';
import { anyVisit, batchOf, EMPTY, sorted, type Visit } from '../visits.js';

await zstd.isLoaded;

let directory: string;
let files = 0;
let duckdb: DuckDBConnection;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ktape-parquet-'));
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
});

after(async () => {
  duckdb.closeSync();
  await rm(directory, { recursive: true });
});

/** Writes a file of its own name: DuckDB may remember what it read under another. */
async function written(bytes: Uint8Array): Promise<string> {
  const file = join(directory, `${++files}.parquet`);
  await writeFile(file, bytes);
  return file;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  return (await duckdb.runAndReadAll(sql)).getRowObjectsJson();
}

/** Times and 64-bit integers as text, maps as two lists: so that nothing is rounded on the way. */
const EXACT = `SELECT epoch_ns(time)::VARCHAR AS time, guest, big::VARCHAR AS big, lasted::VARCHAR AS lasted, small,
  bytes, ratio, paid, map_keys(tags) AS keys, map_values(tags) AS vals, counts::VARCHAR[] AS counts, ratios, names`;

function expected(rows: readonly Visit[]): unknown[] {
  return sorted(rows).map(({ time, big, lasted, tags, counts, ...rest }) => ({
    ...rest,
    time: String(time),
    big: big === null ? null : String(big),
    lasted: lasted === null ? null : String(lasted),
    keys: tags.map(([key]) => key),
    vals: tags.map(([, value]) => value),
    counts: counts.map(String),
  }));
}

/** Numbers that JSON has no word for, as DuckDB writes them in JSON. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) =>
      each === Number.POSITIVE_INFINITY ? 'Infinity' : each === Number.NEGATIVE_INFINITY ? '-Infinity' : each,
    ),
  );
}

async function readByDuckDB(bytes: Uint8Array): Promise<unknown[]> {
  return query(`${EXACT} FROM '${await written(bytes)}'`);
}

test('any rows come back from DuckDB, sorted by time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyVisit, { maxLength: 300 }), async (rows) => {
      assert.deepEqual(plain(await readByDuckDB(encodeParquet(batchOf(rows)))), plain(expected(rows)));
    }),
    { numRuns: 60 },
  );
});

const ZSTD_LIMIT = 1 << 24;

/** Rows as hyparquet reads them; it gives times in milliseconds, so these are left out. */
async function readByHyparquet(bytes: Uint8Array): Promise<unknown[]> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const compressors = {
    ZSTD: (input: Uint8Array, size: number) => zstd.decompress(input, Math.min(size, ZSTD_LIMIT)),
  };
  return parquetReadObjects({ file: buffer, compressors });
}

test('any rows come back from hyparquet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyVisit, { maxLength: 300 }), async (rows) => {
      const read = await readByHyparquet(encodeParquet(batchOf(rows)));
      const columns = (row: Record<string, unknown>) => ({
        ...row,
        time: undefined,
        tags: undefined,
        node: undefined,
      });
      assert.deepEqual(
        read.map((row) => columns(row as Record<string, unknown>)),
        sorted(rows).map((row) => columns({ ...row })),
      );
      // It makes objects of maps, of which none can be given a field named __proto__.
      const isField = ([key]: readonly [string, unknown]) => key !== '__proto__';
      assert.deepEqual(
        read.map((row) => Object.entries((row as { tags: object }).tags)),
        sorted(rows).map(({ tags }) => Object.entries(Object.fromEntries(tags.filter(isField)))),
      );
    }),
    { numRuns: 60 },
  );
});

test('types in DuckDB are those that the schema declares, for every table', async () => {
  for (const table of tables) {
    const file = await written(encodeParquet(new RowBatch(table, 'n1')));
    const described = await query(`DESCRIBE FROM '${file}'`);
    assert.deepEqual(
      described.map(({ column_name, column_type }) => [column_name, column_type]),
      Object.entries(table.columns).map(([name, { type }]) => [name, type.sql]),
      table.name,
    );
  }
});

test('lists that many rows have come back in each, with few texts and with many', async () => {
  for (const [lists, items] of [
    [1, 1],
    [2, 13],
    [40, 10],
  ] as const) {
    const rows = Array.from({ length: lists * 6 }, (_, row): Visit => {
      const list = row % lists;
      const length = list === 2 ? 0 : items;
      const tags = Array.from({ length }, (_, item) => [`key ${item}`, `${list} ${item}`] as const);
      return { ...EMPTY, time: BigInt(row), tags };
    });
    const shared = batchOf(rows.map((row) => ({ ...row, tags: [] })));
    const { tags } = shared.columns;
    tags.truncate(0);
    const one = batchOf(rows.slice(0, lists)).columns.tags;
    for (let list = 0; list < lists; list++) tags.appendCopies(one, list, 6);
    const inOrder = rows.map((row, at) => ({ ...row, tags: rows[Math.floor(at / 6)]?.tags ?? [] }));
    assert.equal(tags.lists.count, lists);
    assert.deepEqual(plain(await readByDuckDB(encodeParquet(shared))), plain(expected(inOrder)));
  }
});

test('many rows: several groups, of which DuckDB skips those outside the asked time', async () => {
  const rows = Array.from({ length: 150_000 }, (_, i) => ({
    ...EMPTY,
    time: BigInt((i * 7919) % 150_000),
    guest: i % 3 === 0 ? `guest ${i}` : 'somebody',
    small: i,
    tags: [['number', String(i)] as const, ['kind', 'visit'] as const],
  }));
  const file = await written(encodeParquet(batchOf(rows)));
  assert.deepEqual(
    await query(`SELECT count(*) AS n, sum(small) AS sum, count(DISTINCT guest) AS guests,
      bool_and(tags['number']::INT = small) AS tagged,
      bool_and(small % 3 <> 0 OR guest = 'guest ' || small) AS named FROM '${file}'`),
    [{ n: '150000', sum: '11249925000', guests: '50001', tagged: true, named: true }],
  );
  const groups = await query(`SELECT row_group_num_rows AS n, stats_min_value AS min, stats_max_value AS max
    FROM parquet_metadata('${file}') WHERE path_in_schema = 'time'`);
  assert.deepEqual(groups, [
    { n: '65536', min: '1970-01-01 00:00:00', max: '1970-01-01 00:00:00.000065535' },
    { n: '65536', min: '1970-01-01 00:00:00.000065536', max: '1970-01-01 00:00:00.000131071' },
    { n: '18928', min: '1970-01-01 00:00:00.000131072', max: '1970-01-01 00:00:00.000149999' },
  ]);
});

test('rows that few, or none, differ take next to nothing', () => {
  const same = Array.from({ length: 60_000 }, (_, i) => ({
    ...EMPTY,
    time: BigInt(i),
    guest: 'checkout',
    small: 7,
  }));
  assert.ok(encodeParquet(batchOf(same)).length < 10_000);
});

test('statistics are those of the values: least, greatest, number of NULLs', async () => {
  const rows = [
    { ...EMPTY, time: 5n, guest: 'b', big: 2n ** 63n, lasted: -5n, small: -1, bytes: 2 ** 31 },
    { ...EMPTY, time: 9n, guest: 'Zoë', big: 1n, lasted: 4n, small: 3, bytes: 1 },
    EMPTY,
  ];
  const file = await written(encodeParquet(batchOf(rows)));
  assert.deepEqual(
    await query(`SELECT path_in_schema AS p, stats_min_value AS min, stats_max_value AS max, stats_null_count AS nulls
      FROM parquet_metadata('${file}') WHERE path_in_schema IN ('guest', 'big', 'lasted', 'small', 'bytes')`),
    [
      { p: 'guest', min: 'Zoë', max: 'b', nulls: '1' },
      { p: 'big', min: '1', max: '9223372036854775808', nulls: '1' },
      { p: 'lasted', min: '-5', max: '4', nulls: '1' },
      { p: 'small', min: '-1', max: '3', nulls: '1' },
      { p: 'bytes', min: '1', max: '2147483648', nulls: '1' },
    ],
  );
});

test('the file says who made it', () => {
  const bytes = encodeParquet(batchOf([EMPTY]));
  const { created_by, num_rows } = parquetMetadata(bytes.buffer as ArrayBuffer);
  assert.deepEqual({ created_by, num_rows }, { created_by: 'ktape', num_rows: 1n });
});
