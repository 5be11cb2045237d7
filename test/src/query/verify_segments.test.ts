import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { ContentChecks, type SegmentFile } from '../../../src/query/verify_contents.js';
import { SegmentChecks } from '../../../src/query/verify_segments.js';
import { tables } from '../../../src/schema/tables/index.js';
import { losses } from '../../../src/schema/tables/losses.js';
import { readTimes } from '../../../src/tape/parquet/read/times.js';
import { writtenSchema } from '../../../src/tape/parquet/written_schema.js';
import { encodeParquet } from '../../../src/tape/parquet.js';
import { openTape } from '../../../src/tape/tape.js';
import { formatTime } from '../../../src/tape/time.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { batchLike } from '../tape/any_batch.js';
import { anyVisit, sorted } from '../tape/visits.js';

const RUNS = 60;

const rows = [1, 2, 3, 4].map((second) => ({
  time: `10:00:0${second}`,
  until: `10:00:0${second}`,
  source: 'clock',
  reason: 'jump',
}));

/** A segment of four losses. */
async function segmentOf(t: TestContext): Promise<SegmentFile> {
  const tape = await openTape(await writeTinyTape(scratch(t), { losses: rows }));
  const [segment] = tape.manifest.tables.losses ?? [];
  assert.ok(segment);
  return { file: join(tape.directory, segment.path), table: losses, segment };
}

/** A file of these bytes, which the manifest says to be so. */
function fileOf(file: string, bytes: Uint8Array, { table, segment }: SegmentFile): SegmentFile {
  writeFileSync(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file, table, segment: { ...segment, bytes: bytes.length, sha256 } };
}

const AS_DUCKDB_MERGES = 'COMPRESSION zstd, ROW_GROUP_SIZE 65536';

/** What DuckDB writes of the rows of a segment. */
async function copied(
  t: TestContext,
  file: string,
  how = AS_DUCKDB_MERGES,
  rows = 'FROM segment',
): Promise<Buffer> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  t.after(() => duckdb.closeSync());
  const to = join(scratch(t), 'copied.parquet');
  await duckdb.run(`CREATE VIEW segment AS FROM '${file}'`);
  await duckdb.run(`COPY (${rows}) TO '${to}' (FORMAT parquet, ${how})`);
  return readFileSync(to);
}

/** What is found of each of the files. */
async function problemsOf(t: TestContext, files: readonly SegmentFile[]): Promise<(string | undefined)[]> {
  const checks = new SegmentChecks(
    files.map(({ file }) => file),
    scratch(t),
  );
  try {
    const problems = await checks.problemsOf(files);
    return files.map(({ file }) => problems.get(file));
  } finally {
    checks.close();
  }
}

test('DuckDB sees the declared columns in what ktape writes of every table, so it need not be asked', async (t) => {
  const directory = scratch(t);
  const rows = sorted(fc.sample(anyVisit, { numRuns: 20, seed: 1 }));
  const [first = 0n, last = 0n] = [rows[0]?.time, rows.at(-1)?.time];
  const written = await segmentOf(t);
  const files = tables.map((table) => {
    const bytes = encodeParquet(batchLike(table, rows));
    assert.deepEqual(Buffer.from(readTimes(bytes, rows.length).schema), Buffer.from(writtenSchema(table)));
    const said = { rows: rows.length, first_time: formatTime(first), last_time: formatTime(last) };
    const segment = { ...written.segment, ...said };
    return fileOf(join(directory, table.name), bytes, { ...written, table, segment });
  });
  const contents = new ContentChecks(
    files.map(({ file }) => file),
    scratch(t),
  );
  t.after(() => contents.close());
  assert.deepEqual([...(await contents.problemsOf(files))], []);
});

test('of many files, only what is wrong with each is said of it', async (t) => {
  const written = await segmentOf(t);
  const directory = scratch(t);
  const bytes = readFileSync(written.file);
  const write = (name: string, content: Uint8Array) => fileOf(join(directory, name), content, written);
  const cut = write('cut', bytes);
  writeFileSync(cut.file, bytes.subarray(0, 100));
  const disordered = `FROM segment ORDER BY CASE epoch(time) % 10 WHEN 2 THEN 3 WHEN 3 THEN 2 ELSE epoch(time) % 10 END`;
  const rowless = write('rowless', bytes);
  const problems = await problemsOf(t, [
    write('junk', Buffer.from('junk')),
    write('whole', bytes),
    write('again', bytes),
    cut,
    write('merged', await copied(t, written.file)),
    write('merged again', await copied(t, written.file)),
    write('snappy', await copied(t, written.file, 'COMPRESSION snappy')),
    write('disordered', await copied(t, written.file, AS_DUCKDB_MERGES, disordered)),
    write('fewer', await copied(t, written.file, AS_DUCKDB_MERGES, 'FROM segment LIMIT 2')),
    { ...rowless, segment: { ...rowless.segment, last_time: '2026-11-22T10:00:05Z' } },
  ]);
  assert.match(problems[0] ?? '', /^not a Parquet file that can be read \(.+\)$/);
  assert.deepEqual(problems.slice(1), [
    undefined,
    undefined,
    `100 bytes long; the manifest says ${bytes.length}`,
    undefined,
    undefined,
    undefined,
    '1 rows are not sorted by time',
    '2 rows; the manifest says 4',
    'last time is 2026-11-22T10:00:04.000000000Z; the manifest says 2026-11-22T10:00:05Z',
  ]);
});

test('a text that metadata make a geometry is found, though the schema is that of others', async (t) => {
  const written = await segmentOf(t);
  const directory = scratch(t);
  const geo = {
    version: '1.1.0',
    primary_column: 'reason',
    columns: { reason: { encoding: 'WKB', geometry_types: [] } },
  };
  const how = `COMPRESSION zstd, KV_METADATA {geo: '${JSON.stringify(geo)}'}`;
  const files = [
    fileOf(join(directory, 'plain'), await copied(t, written.file), written),
    fileOf(join(directory, 'geo'), await copied(t, written.file, how), written),
  ];
  for (const order of [files, files.toReversed()]) {
    const problems = await problemsOf(t, order);
    assert.deepEqual(
      problems.map((problem) => problem?.replace(/GEOMETRY[^;]*/, 'GEOMETRY')),
      order.map(({ file }) =>
        file.endsWith('geo') ? 'its column reason is GEOMETRY; losses.reason is VARCHAR' : undefined,
      ),
    );
  }
});

test('a segment that is too large to be held in memory is checked too', async (t) => {
  const written = await segmentOf(t);
  const directory = scratch(t);
  const bytes = await copied(
    t,
    written.file,
    'COMPRESSION uncompressed',
    `SELECT * REPLACE (repeat('x', 6_000_000) || reason AS reason) FROM segment`,
  );
  assert.ok(bytes.length > 16 << 20);
  const [whole, changed] = ['whole', 'changed'].map((name) => fileOf(join(directory, name), bytes, written));
  assert.ok(whole && changed);
  bytes[bytes.length >> 1] = 0;
  writeFileSync(changed.file, bytes);
  assert.deepEqual(await problemsOf(t, [whole, changed]), [
    undefined,
    'its bytes are not those that were written (SHA-256 differs)',
  ]);
});

for (const [writer, rewrite] of [
  ['ktape', async (_: TestContext, file: string) => readFileSync(file)],
  ['DuckDB', copied],
] as const) {
  test(`whatever byte of a file of ${writer}'s is another, DuckDB finds nothing where verify finds nothing`, async (t) => {
    const written = await segmentOf(t);
    const [directory, temporary] = [scratch(t), scratch(t)];
    const names = Array.from({ length: RUNS + 1 }, (_, i) => join(directory, `${i}.parquet`));
    const [whole = '', ...others] = names;
    const bytes = await rewrite(t, written.file);
    const segments = new SegmentChecks(names, temporary);
    const contents = new ContentChecks(names, temporary);
    t.after(() => segments.close());
    t.after(() => contents.close());
    assert.deepEqual([...(await segments.problemsOf([fileOf(whole, bytes, written)]))], []);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    for (const [i, [at, by]] of fc.sample(change, RUNS).entries()) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ by;
      const one = fileOf(others[i] ?? '', changed, written);
      const problems = await segments.problemsOf([one]);
      if (problems.size > 0) continue;
      assert.deepEqual([...(await contents.problemsOf([one]))], [], `byte ${at} changed by ${by}`);
    }
  });
}
