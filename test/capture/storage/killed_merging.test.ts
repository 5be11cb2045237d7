import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTape } from '../../../src/tape/tape.js';
import { skippedLive } from '../../live.js';
import { CLI, ktapeRows, type RecorderProcess, startRecorder } from '../recorder_process.js';
import { injecting } from './kill_phase.js';
import { smallTape } from './retention/small_tape.js';
import { attachStrace, missingStrace } from './strace_process.js';

/** Kills at each moment; `npm run soak` takes its time. */
const TIMES = process.env.KTAPE_SOAK === '1' ? 5 : 1;

/** Ten neighbours of one length are merged. */
const MINUTES = Array.from({ length: 10 }, (_, minute) => `10:0${minute}:30`);

const OFF = ['--otlp-grpc', 'off', '--otlp-http', 'off', '--probes', 'off', '--kubernetes', 'off'];

/** Has a recorder killed while it merges; resolves when that is prepared. */
type Kill = (recorder: RecorderProcess, tape: string) => Promise<void>;

const KILLS: Readonly<Record<string, Kill>> = {
  'the merged file is being written': async ({ child }, tape) => {
    while (!existsSync(join(tape, 'merging'))) await sleep(5);
    await sleep(randomInt(200));
    child.kill('SIGKILL');
  },
  'the merged file gets its name': ({ child }, tape) =>
    attachStrace(child.pid, join(tape, '..', 'log'), 'rename', injecting({ call: 'rename', nth: 1 }, tape)),
  'the manifest gets its name': ({ child }, tape) =>
    attachStrace(
      child.pid,
      join(tape, '..', 'log'),
      'rename',
      injecting({ call: 'rename', nth: 1, file: 'tape.json.tmp' }, tape),
    ),
};

test('killed while it merges: every row is there once, and the next recorder merges', async (t) => {
  if (skippedLive(t, missingStrace())) return;
  for (let time = 0; time < TIMES; time++) {
    await Promise.all(Object.entries(KILLS).map(([moment, kill]) => killMerging(t, moment, kill)));
  }
});

async function killMerging(t: TestContext, moment: string, kill: Kill): Promise<void> {
  const { directory, seal } = await smallTape(t, { minFree: { bytes: 0 } }, ['spans']);
  for (const [minute, time] of MINUTES.entries()) {
    const name = `span ${minute}`;
    await seal(`10:${String(minute + 1).padStart(2, '0')}:00`, { spans: [{ time, name }] });
  }
  const recorder = start(t, directory);
  await recorder.says(/^recording node/);
  await kill(recorder, directory);
  assert.equal(await recorder.exited, 'SIGKILL', recorder.said.join('\n'));
  t.diagnostic(`killed while ${moment}`);
  assertWhole(directory);

  const next = start(t, directory);
  await next.says(/^recording node/);
  const isMerged = async () => (await openTape(directory)).manifest.tables.spans?.length === 1;
  while (!(await isMerged())) await sleep(100);
  next.child.kill('SIGTERM');
  assert.equal(await next.exited, 0, next.said.join('\n'));
  assertWhole(directory);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    files.filter((file) => file.endsWith('.tmp') || file === 'merging'),
    [],
  );
  assert.equal(files.filter((file) => /^spans\/.*\.parquet$/.test(file)).length, 1);
}

function start(t: TestContext, tape: string): RecorderProcess {
  return startRecorder(t, ['--out', tape, '--node', 'node-1', ...OFF, '--otlp-http', '127.0.0.1:0']);
}

/** Every file that the manifest names is whole, and every row is there once. */
function assertWhole(tape: string): void {
  const verified = spawnSync(process.execPath, [CLI, 'verify', tape], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stdout);
  assert.deepEqual(
    ktapeRows(tape, 'SELECT name, count(*) FROM spans GROUP BY 1 ORDER BY 1'),
    MINUTES.map((_, minute) => [`span ${minute}`, '1']),
  );
}
