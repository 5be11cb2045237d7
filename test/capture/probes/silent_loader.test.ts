import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../scratch.js';
import { startRecorder } from '../recorder_process.js';

test('a loader that takes the connection and says nothing: told to stop, the recorder completes its tape', async (t) => {
  const directory = scratch(t);
  const path = join(directory, 'loader.sock');
  const silent = createServer().listen(path);
  t.after(() => silent.close());
  await once(silent, 'listening');
  const off = ['--otlp-grpc', 'off', '--otlp-http', '127.0.0.1:0', '--kubernetes', 'off', '--cgroups', 'off'];
  const recorder = startRecorder(t, ['--out', join(directory, 'tape'), '--probes-socket', path, ...off]);
  const [connection] = await once(silent, 'connection');
  t.after(() => connection.destroy());

  recorder.child.kill('SIGTERM');

  assert.equal(await recorder.exited, 0);
  assert.match(recorder.said.join('\n'), /no loader at .*it says nothing/);
  assert.match(recorder.said.join('\n'), /tape: complete/);
});
