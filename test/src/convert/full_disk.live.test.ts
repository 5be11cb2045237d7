import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLive } from '../../live.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

const RECORDED = join(repository, 'fixtures/tapes/checkout-outage.tape');

test('where the disk gets full, nothing is left of what was begun', async (t) => {
  if (skippedLive(t, process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root')) return;
  const [disk, made] = [scratch(t), scratch(t)];
  const lines = join(made, 'incident.jsonl');
  const traces = join(made, 'traces.json');
  const pods = join(made, 'pods.json');
  await runCaptured(['export', 'otlp', RECORDED, '-o', lines], { temporary: made });
  await writeFile(
    traces,
    JSON.stringify({ data: [{ spans: Array.from({ length: 4000 }, spanOf), processes: {} }] }),
  );
  await writeFile(
    pods,
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: 4000 }, podOf) }),
  );
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'ktape-test', disk]);
  try {
    for (const command of [
      `cut ${RECORDED} --since 2026-11-22T21:04:10Z -o ${disk}/out`,
      `merge ${RECORDED} ${RECORDED} -o ${disk}/out`,
      `export parquet ${RECORDED} -o ${disk}/out`,
      `export csv ${RECORDED} -o ${disk}/out`,
      `export arrow ${RECORDED} -o ${disk}/out`,
      `export otlp ${RECORDED} -o ${disk}/out`,
      `import otlp ${lines} -o ${disk}/out`,
      `import jaeger ${traces} -o ${disk}/out`,
      `import kubernetes ${pods} -o ${disk}/out`,
    ]) {
      const { status, stderr } = await runCaptured(command.split(' '), { temporary: scratch(t) });
      assert.equal(status, 1, command);
      assert.equal(stderr.split('\n').length, 2, stderr);
      assert.ok(stderr.startsWith(`ktape: ${disk}/out: not written: `), stderr);
      assert.match(stderr, /no space left on device$/im);
      assert.doesNotMatch(stderr, /\.tmp/);
      assert.deepEqual(await readdir(disk), [], command);
    }
  } finally {
    execFileSync('umount', ['--lazy', disk]);
  }
});

/** A span that does not compress well, so that many of them do not fit. */
function spanOf() {
  const [traceID, spanID] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const process = { serviceName: 'shop', tags: [] };
  return { traceID, spanID, operationName: traceID, startTime: 1_795_342_530_123_456, duration: 1, process };
}

function podOf() {
  const name = randomBytes(16).toString('hex');
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name, uid: randomUUID() } };
}
