import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLive } from '../live.js';
import { HTTP_ONLY, ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from './recorder_process.js';
import { smallDisk, whyNoSmallDisk } from './small_disk.js';

const MIB = 1 << 20;

test('a full disk: requests are refused for a while, and what was acknowledged is on the tape', async (t) => {
  if (skippedLive(t, whyNoSmallDisk())) return;
  const disk = smallDisk(t, 4);
  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(3 * MIB));

  const out = join(disk, 'tape');
  const recorder = startRecorder(t, ['--out', out, ...HTTP_ONLY]);
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
