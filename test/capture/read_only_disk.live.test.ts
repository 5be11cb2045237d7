import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { skippedLive } from '../live.js';
import { scratch } from '../scratch.js';
import { HTTP_ONLY, ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from './recorder_process.js';
import { smallDisk, whyNoSmallDisk } from './small_disk.js';

/** Far more than it takes. */
const HANGS_AFTER_MS = 120_000;

/** Starts a recorder on a tape; resolves when it records. */
async function recording(t: TestContext, out: string) {
  const recorder = startRecorder(t, ['--out', out, ...HTTP_ONLY]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  return { recorder, address };
}

test('a disk that is read-only for a while: requests are refused meanwhile, and it goes on by itself', async (t) => {
  if (skippedLive(t, whyNoSmallDisk())) return;
  const disk = smallDisk(t, 16);
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

test('a disk that fails and is made read-only by the kernel: the next start finds what was acknowledged', {
  timeout: HANGS_AFTER_MS,
}, async (t) => {
  if (skippedLive(t, whyNoSmallDisk())) return;
  const mounted: string[] = [];
  t.after(() => {
    for (const disk of mounted) execFileSync('umount', ['--lazy', disk]);
  });
  const folder = scratch(t);
  const mount = async (image: string) => {
    const disk = `${image}.disk`;
    await mkdir(disk);
    execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, disk]);
    mounted.push(disk);
    return disk;
  };
  const image = join(folder, 'image');
  await writeFile(image, '');
  await truncate(image, 16 << 20);
  execFileSync('mkfs.ext4', ['-q', image]);
  const disk = await mount(image);
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

  // What the device holds, as another machine would find it. The device itself cannot be mounted anew for as long
  // as any process has a mount namespace with a copy of the mount, such as `ip netns exec` makes them.
  const copy = join(folder, 'copy');
  await copyFile(image, copy);
  const kept = join(await mount(copy), 'tape');
  const again = await recording(t, kept);
  again.recorder.child.kill('SIGTERM');
  assert.equal(await again.recorder.exited, 0, again.recorder.said.join('\n'));
  assert.deepEqual(ktapeRows(kept, 'SELECT body FROM log_records'), [['before']]);
});
