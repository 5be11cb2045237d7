import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLive } from '../../live.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

const RECORDED = join(repository, 'fixtures/tapes/checkout-outage.tape');

test('where the disk gets full, nothing is left of what was begun', async (t) => {
  if (skippedLive(t, process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root')) return;
  const disk = scratch(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'ktape-test', disk]);
  try {
    for (const command of [
      `cut ${RECORDED} --since 2026-11-22T21:04:10Z -o ${disk}/out`,
      `merge ${RECORDED} ${RECORDED} -o ${disk}/out`,
      `export parquet ${RECORDED} -o ${disk}/out`,
      `export csv ${RECORDED} -o ${disk}/out`,
      `export arrow ${RECORDED} -o ${disk}/out`,
      `export otlp ${RECORDED} -o ${disk}/out`,
    ]) {
      const { status, stderr } = await runCaptured(command.split(' '), { temporary: scratch(t) });
      assert.equal(status, 1, command);
      assert.match(stderr, /No space left on device|no space left on device/, command);
      assert.deepEqual(await readdir(disk), [], command);
    }
  } finally {
    execFileSync('umount', ['--lazy', disk]);
  }
});
