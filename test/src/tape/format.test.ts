import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetSchema } from 'hyparquet';
import { repository } from '../../repository.js';

/*
 * Reads the kept tape by what src/tape/FORMAT.md and src/schema/TABLES.md say, without anything of ktape.
 */
const FORMAT = readFileSync(join(repository, 'src/tape/FORMAT.md'), 'utf8');
const TABLES = readFileSync(join(repository, 'src/schema/TABLES.md'), 'utf8');
const TAPE = join(repository, 'fixtures/tapes/checkout-outage.tape');

interface Segment {
  readonly path: string;
  readonly node: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly first_time: string;
  readonly last_time: string;
}

const manifest = JSON.parse(readFileSync(join(TAPE, 'tape.json'), 'utf8'));
const tables: [string, Segment[]][] = Object.entries(manifest.tables);
const segments = tables.flatMap(([table, list]) => list.map((segment) => ({ table, ...segment })));

/** The rows of the first table below a heading of FORMAT.md that begins with these cells. */
function described(heading: string): string[] {
  const after = FORMAT.slice(FORMAT.indexOf(heading));
  const [table = ''] = /\|---[\s\S]*?\n\n/.exec(after) ?? [];
  return [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
}

/** Columns of a table as TABLES.md lists them. */
function columnsOf(table: string): { name: string; type: string; nullable: boolean }[] {
  const [, section = ''] =
    new RegExp(`^## ${table}\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(TABLES) ?? [];
  return [...section.matchAll(/^\| `(\w+)` \| ([^|]+?) \|/gm)].map(([, name = '', type = '']) => ({
    name,
    type: type.replace(', may be NULL', ''),
    nullable: type.includes('may be NULL'),
  }));
}

/** Nanoseconds since the epoch of a time in the manifest. */
function nanoseconds(text: string): bigint {
  const [, seconds = '', fraction = ''] = /^(.*:\d\d)\.(\d{9})Z$/.exec(text) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction);
}

test('the manifest has the fields that are described, and those that it must', () => {
  const known = described('## 2. tape.json');
  const mayBeMissing = ['removed', 'seen_until'];
  assert.deepEqual(
    Object.keys(manifest).filter((name) => !known.includes(name)),
    [],
  );
  assert.deepEqual(
    known.filter(
      (name) => !mayBeMissing.includes(name) && !(name in manifest) && FORMAT.includes(`| \`${name}\` |`),
    ),
    [],
  );
  assert.deepEqual([manifest.format, manifest.version], ['ktape', 1]);
  const ofSegment = described('A segment:');
  for (const { table: _, ...segment } of segments)
    assert.deepEqual(
      Object.keys(segment).filter((name) => !ofSegment.includes(name)),
      [],
    );
});

test('the files are those that the manifest names, with their bytes and SHA-256', () => {
  const found = readdirSync(TAPE, { recursive: true, encoding: 'utf8' })
    .filter((path) => !lstatSync(join(TAPE, path)).isDirectory())
    .sort();
  assert.deepEqual(found, ['tape.json', ...segments.map(({ path }) => path)].sort());
  for (const { table, path, bytes, sha256 } of segments) {
    assert.match(path, /^[a-z_]+\/[A-Za-z0-9._-]+\.parquet$/);
    assert.ok(path.startsWith(`${table}/`));
    const content = readFileSync(join(TAPE, path));
    assert.equal(content.length, bytes);
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256);
  }
});

test('hyparquet finds the columns of TABLES.md in order, NULL where they may be, and as many rows', () => {
  for (const { table, path, rows } of segments) {
    const content = readFileSync(join(TAPE, path));
    const metadata = parquetMetadata(
      content.buffer.slice(content.byteOffset, content.byteOffset + content.length),
    );
    assert.equal(metadata.num_rows, BigInt(rows));
    const found = parquetSchema(metadata).children.map(({ element }) => ({
      name: element.name,
      nullable: element.repetition_type === 'OPTIONAL',
    }));
    assert.deepEqual(
      found,
      columnsOf(table).map(({ name, nullable }) => ({ name, nullable })),
      path,
    );
  }
});

test('DuckDB reads them with the types of TABLES.md, sorted, between the times of the manifest', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const { table, path, node, first_time, last_time } of segments) {
    const file = `'${join(TAPE, path)}'`;
    const described = await connection.runAndReadAll(`DESCRIBE FROM read_parquet(${file})`);
    assert.deepEqual(
      described.getRows().map(([name, type]) => [name, type]),
      columnsOf(table).map(({ name, type }) => [name, type]),
    );
    const reader = await connection.runAndReadAll(`
      SELECT epoch_ns(min(time)), epoch_ns(max(time)), any_value(node), count(DISTINCT node), count(*) FILTER (time < before)
      FROM (SELECT time, node, lag(time) OVER (ORDER BY file_row_number) AS before
            FROM read_parquet(${file}, file_row_number = true))`);
    assert.deepEqual(reader.getRows()[0], [nanoseconds(first_time), nanoseconds(last_time), node, 1n, 0n]);
  }
  connection.closeSync();
});

test('the letters of attributes are as many as the attributes, and tell how to read them', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const spans = segments.filter(({ table }) => table === 'spans').map(({ path }) => `'${join(TAPE, path)}'`);
  const reader = await connection.runAndReadAll(`
    SELECT letter, bool_and(CASE letter
      WHEN 's' THEN true
      WHEN 'b' THEN value IN ('true', 'false')
      WHEN 'i' THEN TRY_CAST(value AS BIGINT) IS NOT NULL
      WHEN 'd' THEN TRY_CAST(value AS DOUBLE) IS NOT NULL
      WHEN 'a' THEN json_type(value) = 'ARRAY'
      WHEN 'm' THEN json_type(value) = 'OBJECT' END)
    FROM (
      SELECT unnest(map_values(attributes)) AS value, unnest(string_split(attribute_types, '')) AS letter
      FROM read_parquet([${spans}]) WHERE len(map_keys(attributes)) > 0)
    GROUP BY 1 ORDER BY 1`);
  const letters = reader.getRows();
  assert.ok(letters.length >= 2, 'strings and integers at least');
  assert.deepEqual(
    letters.filter(([, isSo]) => isSo !== true),
    [],
  );
  connection.closeSync();
});
