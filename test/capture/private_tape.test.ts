import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../scratch.js';
import { HTTP_ONLY, ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from './recorder_process.js';

/** The permissions of a directory and all that is in it, as `tape/journal 700`. */
function permissions(parent: string): string[] {
  const names = [
    'tape',
    ...readdirSync(join(parent, 'tape'), { recursive: true }).map((name) => `tape/${name}`),
  ];
  return names.map((name) => `${name} ${(statSync(join(parent, name)).mode & 0o777).toString(8)}`);
}

test('a tape is for the user who records: its directories are 0700 and its files 0600, from the start', async (t) => {
  const parent = scratch(t);
  const before = process.umask(0o022);
  t.after(() => process.umask(before));
  const out = join(parent, 'tape');
  const recorder = startRecorder(t, ['--out', out, ...HTTP_ONLY]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  assert.equal(await sendLogs(address, logRequest('a secret')), 200);
  assert.deepEqual(permissions(parent).sort(), [
    'tape 700',
    'tape/journal 700',
    'tape/journal/000001.journal 600',
    'tape/tape.json 600',
  ]);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  const open = permissions(parent).filter(
    (line) => !/\.parquet 600$|tape\.json 600$|tape(\/\w+)? 700$/.test(line),
  );
  assert.deepEqual(open, []);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['a secret']]);
});
