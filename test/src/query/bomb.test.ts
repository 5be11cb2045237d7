import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createTableView } from '../../../src/query/captured_tables.js';
import { Sandbox } from '../../../src/query/sandbox.js';
import { logRecords } from '../../../src/schema/tables/log_records.js';
import { scratch } from '../../scratch.js';
import { type Bomb, bombFile, writeBombTape } from '../archive/bombs.js';
import { runCaptured } from '../cli/captured_terminal.js';

const MIB = 2 ** 20;
/** As many rows as a page of Parquet can have; a run of them takes six bytes. */
const MOST = 2 ** 31 - 1;

function bombTape(t: TestContext, bomb: Bomb, said: { rows?: number } = {}) {
  const parent = scratch(t);
  const bytes = bombFile(logRecords, bomb);
  const tape = writeBombTape(parent, logRecords, bytes, { rows: bomb.rows * bomb.groups, ...said });
  return { parent, tape, bytes: bytes.length, file: join(tape, 'log_records/bomb-0-1.parquet') };
}

test('a file of 12 kB that is 6,442,450,941 rows is not read, whatever is asked', async (t) => {
  const { parent, tape, bytes, file } = bombTape(t, { rows: MOST, groups: 3 }, { rows: 3 });
  assert.ok(bytes < 12_000);
  const problem = '6442450941 rows; the manifest says 3';
  const verified = await runCaptured(['verify', tape, '--format', 'csv'], { temporary: parent });
  assert.equal(verified.stdout, `path,rows,result\r\nlog_records/bomb-0-1.parquet,3,${problem}\r\n`);
  assert.equal(verified.status, 1);
  const asked = await runCaptured(['sql', tape, 'FROM log_records'], { temporary: parent });
  assert.deepEqual(asked, { status: 1, stdout: '', stderr: `ktape: ${file}: ${problem}\n` });
});

test('nor if the manifest says so too', async (t) => {
  const { parent, tape, bytes } = bombTape(t, { rows: MOST, groups: 3 });
  const stderr = `ktape: ${tape}/tape.json: tape.json: tables: log_records[0]: rows is 6442450941; expected at most 1000 for each of its ${bytes} bytes\n`;
  for (const verb of ['info', 'verify', 'schema', 'queries']) {
    assert.deepEqual(await runCaptured([verb, tape], { temporary: parent }), {
      status: 1,
      stdout: '',
      stderr,
    });
  }
});

for (const [what, bomb, sql] of [
  [
    'a map of a billion attributes',
    { rows: 1, groups: 1, attributes: 1e9 },
    'SELECT attributes FROM log_records',
  ],
  [
    'a thousand texts of 100 MB',
    { rows: 1000, groups: 1, textBytes: 1e8 },
    'SELECT node FROM log_records ORDER BY 1',
  ],
] as const) {
  test(`${what} in some kB ends as an error within the limits of memory and disk`, async (t) => {
    const { parent, bytes, file } = bombTape(t, bomb);
    assert.ok(bytes < 64_000, `${bytes} bytes`);
    const temporary = scratch(t);
    const sandbox = await Sandbox.open([file], temporary, { memory: 300, disk: 50 });
    t.after(() => sandbox.close());
    await createTableView(sandbox.connection, logRecords, [file]);
    const before = process.memoryUsage().rss;
    await assert.rejects(sandbox.connection.runAndReadAll(sql), /Out of Memory Error/);
    assert.ok(process.memoryUsage().rss - before < 600 * MIB, 'memory');
    const disk = readdirSync(temporary).reduce((sum, name) => sum + statSync(join(temporary, name)).size, 0);
    assert.ok(disk <= 50 * MIB, 'disk');
    assert.ok(parent !== temporary);
  });
}

test('a row that no terminal could show is an error, and the process lives', async (t) => {
  const { parent, tape } = bombTape(t, { rows: 1, groups: 1, textBytes: 1e8 });
  const { status, stderr } = await runCaptured(['sql', tape, 'SELECT node FROM log_records'], {
    temporary: parent,
  });
  assert.equal(status, 1);
  assert.equal(stderr, 'ktape: a row has 100000000 characters; more than 67108864 are not shown\n');
});
