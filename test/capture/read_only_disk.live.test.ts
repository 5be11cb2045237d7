import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from './recorder_process.js';

const OFF = ['--probes', 'off', '--kubernetes', 'off', '--cgroups', 'off', '--otlp-grpc', 'off'];
const HTTP = [...OFF, '--otlp-http', '127.0.0.1:0'];
const notRoot = () => (process.getuid?.() === 0 ? undefined : 'mounting a disk needs root');

/** Starts a recorder on a tape; resolves when it records. */
async function recording(t: TestContext, out: string) {
  const recorder = startRecorder(t, ['--out', out, ...HTTP]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  return { recorder, address };
}

test('a disk that is read-only for a while: requests are refused meanwhile, and it goes on by itself', async (t) => {
  if (skippedLive(t, notRoot())) return;
  let unmount = () => undefined as unknown;
  t.after(() => unmount());
  const disk = scratch(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'ktape-test', disk]);
  unmount = () => execFileSync('umount', ['--lazy', disk]);
  const out = join(disk, 'tape');
  const { recorder, address } = await recording(t, out);
  // No journal file is open before the first request, which would keep the disk from becoming read-only.
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  assert.equal(await sendLogs(address, logRequest('refused')), 503);
  execFileSync('mount', ['-o', 'remount,rw', disk]);
  assert.equal(await sendLogs(address, logRequest('taken')), 200);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['taken']]);
  assert.deepEqual(ktapeRows(out, 'SELECT reason FROM losses'), [['request refused']]);
});

test('a disk that fails and is made read-only by the kernel: the next start finds what was acknowledged', async (t) => {
  if (skippedLive(t, notRoot())) return;
  let unmount = () => undefined as unknown;
  t.after(() => unmount());
  const folder = scratch(t);
  const [image, disk] = [join(folder, 'image'), join(folder, 'disk')];
  await mkdir(disk);
  await writeFile(image, '');
  await truncate(image, 16 << 20);
  execFileSync('mkfs.ext4', ['-q', image]);
  const mount = () => execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, disk]);
  mount();
  unmount = () => execFileSync('umount', ['--lazy', disk]);
  const out = join(disk, 'tape');
  const { recorder, address } = await recording(t, out);
  assert.equal(await sendLogs(address, logRequest('before')), 200);
  const device = execFileSync('findmnt', ['-no', 'SOURCE', disk], { encoding: 'utf8' }).trim();
  writeFileSync(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, '1');
  assert.equal(await sendLogs(address, logRequest('refused')), 503);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 1);
  assert.match(
    recorder.said.join('\n'),
    /cannot be completed: .*start ktape record --out .* again to take it up$/m,
  );

  execFileSync('umount', [disk]);
  mount();
  const again = await recording(t, out);
  again.recorder.child.kill('SIGTERM');
  assert.equal(await again.recorder.exited, 0, again.recorder.said.join('\n'));
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['before']]);
});
