import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { ktapeRows, startRecorder } from './recorder_process.js';

/** Process ids of a process's children. */
function childrenOf(pid: number | undefined): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list.split(' ').map(Number);
}

test('the loader is killed: it is said, and the gap reaches to the end of the recording', async (t) => {
  if (skippedLive(t, process.getuid?.() === 0 ? undefined : 'loading probes needs root')) return;
  const out = join(scratch(t), 'tape');
  const off = ['--otlp-grpc', 'off', '--otlp-http', 'off', '--kubernetes', 'off'];
  const recorder = startRecorder(t, ['--out', out, ...off]);
  await recorder.says(/^recording node/);
  const [loader = 0] = childrenOf(recorder.child.pid);
  process.kill(loader, 'SIGKILL');
  await recorder.says(/^kernel events end here: /);
  await sleep(2_000);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0);
  const [[reason, gap] = []] = ktapeRows(out, 'SELECT reason, epoch_ns(until) - epoch_ns(time) FROM losses');
  assert.equal(reason, 'loader ended');
  assert.ok(BigInt(String(gap)) > 2_000_000_000n, `the gap is ${gap} ns long`);
});
