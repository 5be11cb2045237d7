import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from './recorder_process.js';

const MIB = 1 << 20;

test('a full disk: requests are refused for a while, and what was acknowledged is on the tape', async (t) => {
  if (skippedLive(t, process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root')) return;
  let unmount = () => undefined as unknown;
  t.after(() => unmount());
  const disk = scratch(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'ktape-test', disk]);
  unmount = () => execFileSync('umount', ['--lazy', disk]);
  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(3 * MIB));

  const out = join(disk, 'tape');
  const off = ['--probes', 'off', '--otlp-grpc', 'off', '--kubernetes', 'off'];
  const recorder = startRecorder(t, ['--out', out, ...off, '--otlp-http', '127.0.0.1:0']);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  const acknowledged: string[] = [];
  let refusedBy = 0;
  for (let i = 0; i < 40 && refusedBy === 0; i++) {
    const status = await sendLogs(address, logRequest(`${i} ${'x'.repeat(100_000)}`));
    if (status === 200) acknowledged.push(String(i));
    else refusedBy = status;
  }
  assert.equal(refusedBy, 503);
  assert.ok(acknowledged.length > 0);

  await rm(ballast);
  assert.equal(await sendLogs(address, logRequest('after')), 200);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  const bodies = ktapeRows(out, `SELECT split_part(body, ' ', 1) FROM log_records`).flat();
  assert.deepEqual(bodies.sort(), [...acknowledged, 'after'].sort());
  assert.deepEqual(ktapeRows(out, 'SELECT reason FROM losses'), [['request refused']]);
});
