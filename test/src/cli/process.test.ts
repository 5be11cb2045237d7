import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { writeSampleTape } from './sample_tape.js';

const MAIN = join(repository, 'dist/src/cli/main.js');
const ROWS = 'SELECT * FROM range(5000000)';

/** Starts `ktape` as a process; its temporary files go to a directory of their own. */
async function started(t: TestContext, args: readonly string[]) {
  const parent = scratch(t);
  const tape = await writeSampleTape(parent);
  const temporary = join(parent, 'temporary');
  mkdirSync(temporary);
  const child = spawn(process.execPath, [MAIN, ...args.map((word) => (word === 'TAPE' ? tape : word))], {
    env: { ...process.env, TMPDIR: temporary },
  });
  t.after(() => child.kill('SIGKILL'));
  return { child, temporary };
}

async function exitStatus(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

test('data goes to standard output, the rest to standard error, and nothing stays behind', async (t) => {
  const { child, temporary } = await started(t, ['verify', 'TAPE', '--format', 'ndjson']);
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exitStatus(child),
  ]);
  assert.equal(status, 0);
  assert.equal(stdout.trim().split('\n').length, 4);
  assert.equal(stderr, '4 segments, 0 damaged\n');
  assert.deepEqual(readdirSync(temporary), []);
});

test('a statement comes through a pipe', async (t) => {
  const { child } = await started(t, ['sql', 'TAPE', '-', '--format', 'csv']);
  child.stdin.end('SELECT 1 AS one;\n');
  assert.deepEqual([await text(child.stdout), await exitStatus(child)], ['one\r\n1\r\n', 0]);
});

test('a reader that has had enough is no failure', async (t) => {
  const { child, temporary } = await started(t, ['sql', 'TAPE', ROWS, '--format', 'ndjson']);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  assert.deepEqual([await text(child.stderr), await exitStatus(child)], ['', 0]);
  assert.deepEqual(readdirSync(temporary), []);
});

test('an interrupted question ends with status 130 and leaves nothing behind', {
  timeout: 60_000,
}, async (t) => {
  const { child, temporary } = await started(t, [
    'sql',
    'TAPE',
    `SELECT count(*) FROM (${ROWS}) a, (${ROWS}) b`,
  ]);
  while (readdirSync(temporary).length === 0) await setTimeout(10);
  // By now it most likely runs; before it does, the outcome is the same.
  await setTimeout(500);
  child.kill('SIGINT');
  assert.deepEqual([await exitStatus(child), child.signalCode], [130, null]);
  assert.deepEqual(readdirSync(temporary), []);
});
