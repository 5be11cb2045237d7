import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { cgroup2Mount } from '../../../capture/cgroups/source.js';
import { scratch } from '../../scratch.js';
import { startRecorder } from '../recorder_process.js';

test('cgroup v2 is found beside v1 controllers, and is not where there are only these', () => {
  const v1 = 'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n';
  assert.equal(
    cgroup2Mount(`${v1}cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n`),
    '/sys/fs/cgroup/unified',
  );
  assert.equal(cgroup2Mount(v1), undefined);
});

test('without cgroup v2 at --cgroups recording goes on; it is said at start', async (t) => {
  const folder = scratch(t);
  const off = ['--otlp-grpc', 'off', '--otlp-http', 'off', '--kubernetes', 'off', '--for', '100ms'];
  const recorder = startRecorder(t, ['--out', join(folder, 'tape'), ...off, '--cgroups', folder]);
  assert.equal(await recorder.exited, 0);
  assert.ok(
    recorder.said.includes(
      `  cgroups: NOT RECORDED, ${folder} has no cgroup v2: cgroup ids will lead to no pod`,
    ),
  );
});
