import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { losses } from '../../../src/schema/tables/losses.js';
import { parseManifest } from '../../../src/tape/parse_manifest.js';
import { RowBatch } from '../../../src/tape/row_batch.js';
import { openTape, segmentFiles, timeRange } from '../../../src/tape/tape.js';
import { segmentDamage } from '../../../src/tape/verify_bytes.js';
import { TapeWriter } from '../../../src/tape/writer.js';
import { scratch } from '../../scratch.js';

const OPTIONS = { tool: 'ktape test', started: 1_000_000_000n, nodes: [] };

function lossAt(time: bigint): RowBatch {
  const batch = new RowBatch(losses, 'node/1');
  batch.columns.time.appendBigint(time);
  batch.columns.until.appendBigint(time);
  batch.columns.source.appendString('probe');
  batch.columns.reason.appendString('ring buffer full');
  for (const name of ['table_name', 'subject', 'count', 'detail'] as const) batch.columns[name].appendNull();
  return batch as unknown as RowBatch;
}

async function smallTape(t: TestContext): Promise<string> {
  const directory = join(scratch(t), 'tape');
  const writer = await TapeWriter.create(directory, OPTIONS);
  await writer.describe([], ['losses', 'spans']);
  await writer.seal([lossAt(5n)]);
  await writer.complete(2_000_000_000n);
  return directory;
}

test('a tape names its segments, and a table without rows is there without any', async (t) => {
  const tape = await openTape(await smallTape(t));
  assert.deepEqual(Object.keys(tape.manifest.tables), ['losses', 'spans']);
  const [segment] = tape.manifest.tables.losses ?? [];
  assert.ok(segment);
  const { sha256, bytes, ...rest } = segment;
  assert.deepEqual(rest, {
    path: 'losses/node-1-1000-00001.parquet',
    node: 'node/1',
    rows: 1,
    first_time: '1970-01-01T00:00:00.000000005Z',
    last_time: '1970-01-01T00:00:00.000000005Z',
  });
  assert.equal(await segmentDamage(tape, segment), undefined);
  assert.deepEqual(await segmentFiles(tape, 'spans'), []);
  assert.equal(await segmentFiles(tape, 'packet_drops'), undefined);
  assert.deepEqual(timeRange(tape), { first: 5n, last: 5n });
});

test('a changed byte, a missing segment and a link are each found and named', async (t) => {
  const directory = await smallTape(t);
  const tape = await openTape(directory);
  const [segment] = tape.manifest.tables.losses ?? [];
  assert.ok(segment);
  const file = join(directory, segment.path);
  await appendFile(file, 'x');
  assert.match(
    (await segmentDamage(tape, segment)) ?? '',
    /^losses\/node-1-1000-00001\.parquet: \d+ bytes long; the manifest says/,
  );
  await rename(file, `${file}.away`);
  assert.match((await segmentDamage(tape, segment)) ?? '', /parquet: missing, though tape\.json lists it$/);
  await symlink(`${file}.away`, file);
  assert.match((await segmentDamage(tape, segment)) ?? '', /not a plain file; segments never are links$/);
});

test('a segment that cannot be written leaves the tape as it was, and goes in the next time', async (t) => {
  const directory = join(scratch(t), 'tape');
  const writer = await TapeWriter.create(directory, OPTIONS);
  await writeFile(join(directory, 'losses'), 'in the way');
  await assert.rejects(writer.seal([lossAt(5n)], { journal: 3, seen: 9n, received: 9n }), /losses/);
  assert.equal((await openTape(directory)).manifest.journal_sealed, 0);
  await rm(join(directory, 'losses'));
  await writer.seal([lossAt(5n)], { journal: 3, seen: 9n, received: 9n });
  const { manifest } = await openTape(directory);
  assert.deepEqual([manifest.journal_sealed, manifest.tables.losses?.length], [3, 1]);
});

test('taking up a tape removes segments that the manifest does not know', async (t) => {
  const directory = join(scratch(t), 'tape');
  const writer = await TapeWriter.create(directory, OPTIONS);
  await writer.seal([lossAt(5n)]);
  await writeFile(join(directory, 'losses', 'node-1-1000-00002.parquet'), 'half written');
  const { manifest } = await openTape(directory);
  const resumed = await TapeWriter.resume(directory, manifest, OPTIONS);
  await resumed.seal([lossAt(6n)]);
  assert.deepEqual(await readdir(join(directory, 'losses')), [
    'node-1-1000-00001.parquet',
    'node-1-1000-00002.parquet',
  ]);
  assert.equal((await openTape(directory)).manifest.tables.losses?.length, 2);
});

test('what is not a tape is told apart', async (t) => {
  const directory = scratch(t);
  await assert.rejects(openTape(join(directory, 'none')), /none: no such tape$/);
  await assert.rejects(openTape(directory), /not a tape; it has no tape\.json$/);
  await writeFile(join(directory, 'file'), '');
  await assert.rejects(openTape(join(directory, 'file')), /not a tape; a tape is a directory$/);
  await mkdir(join(directory, 'full'));
  await writeFile(join(directory, 'full', 'precious'), '');
  await assert.rejects(
    TapeWriter.create(join(directory, 'full'), OPTIONS),
    /not empty \(it holds precious\)/,
  );
});

const MANIFEST = {
  format: 'ktape',
  version: 1,
  tool: 'ktape 0.1.0',
  state: 'complete',
  started: '2026-11-22T10:00:00Z',
  ended: null,
  nodes: [],
  sources: [],
  journal_sealed: 0,
  tables: { spans: [] },
};

for (const [change, message] of [
  [{ format: 'zip' }, 'm: tape.json: format is "zip"; expected "ktape"'],
  [
    { version: 2 },
    'm: written in tape format 2; this ktape reads formats up to 1, so a newer ktape is needed',
  ],
  [{ started: 'soon' }, 'm: tape.json: started is "soon"; expected a time like 2026-11-22T10:15:30.5Z'],
  [{ state: 1 }, 'm: tape.json: state is 1; expected recording or complete'],
  [{ tables: { spans: {} } }, 'm: tape.json: tables: spans is an object; expected a list'],
  [
    { tables: { spans: [{ path: '../../etc/passwd' }] } },
    'm: tape.json: tables: spans[0]: path is "../../etc/passwd"; expected a path like "spans/node-0-1.parquet"',
  ],
  [
    { tables: { spans: [{ path: 'losses/node-0-1.parquet' }] } },
    'm: tape.json: tables: spans[0]: path is "losses/node-0-1.parquet"; expected a path in spans/',
  ],
] as const) {
  test(`tape.json with ${JSON.stringify(change)}`, () => {
    const text = JSON.stringify({ ...MANIFEST, ...change });
    assert.throws(() => parseManifest('m', text), { message });
  });
}

test('tape.json that is not JSON', () => {
  assert.throws(() => parseManifest('m', 'PK'), { message: 'm: not JSON: it begins "PK"' });
});

test('a sealing that fails half-way leaves no file that a plain reader would take for rows', async (t) => {
  const directory = join(scratch(t), 'tape');
  const writer = await TapeWriter.create(directory, OPTIONS);
  const broken = lossAt(6n);
  broken.column('detail')?.truncate(0);
  await assert.rejects(writer.seal([lossAt(5n), broken]), /losses\.detail: 0 values for 1 rows/);
  assert.deepEqual(await readdir(join(directory, 'losses')), []);
});

test('a segment that is listed twice is refused: its rows would count twice', () => {
  const time = '2026-11-22T10:00:00Z';
  const one = {
    path: 'spans/n-1-1.parquet',
    node: 'n',
    rows: 1,
    bytes: 1,
    first_time: time,
    last_time: time,
  };
  const segment = { ...one, sha256: '0'.repeat(64) };
  const text = JSON.stringify({ ...MANIFEST, tables: { spans: [segment, segment] } });
  assert.throws(() => parseManifest('m', text), {
    message:
      'm: tape.json: tables: spans[1]: path is "spans/n-1-1.parquet"; expected a path that is listed once',
  });
});
