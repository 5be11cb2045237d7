import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../scratch.js';
import { HTTP_ONLY, ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from './recorder_process.js';

const HTTP = [...HTTP_ONLY, '--node', 'n1'];

test('a port in use is named, and no tape is begun', async (t) => {
  const out = join(scratch(t), 'tape');
  const holder = createServer().listen(0, '127.0.0.1');
  t.after(() => holder.close());
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  const recorder = startRecorder(t, ['--out', out, ...HTTP, '--otlp-http', `127.0.0.1:${port}`]);
  assert.equal(await recorder.exited, 1);
  assert.match(recorder.said.join('\n'), new RegExp(`^ktape: .*127\\.0\\.0\\.1:${port}.*in use`));
  assert.deepEqual(await readdir(out), []);
});

test('a complete tape is never added to, and wrong options are misuse', async (t) => {
  const out = join(scratch(t), 'tape');
  assert.equal(await startRecorder(t, ['--out', out, '--for', '100ms', ...HTTP]).exited, 0);
  const again = startRecorder(t, ['--out', out, ...HTTP]);
  assert.equal(await again.exited, 1);
  assert.match(
    again.said.join('\n'),
    /holds a complete tape already; choose a directory that is new or empty/,
  );
  const limited = startRecorder(t, ['--out', out, '--for', '1s', '--max-size', '64MiB', ...HTTP]);
  assert.equal(await limited.exited, 1);
  const elsewhere = startRecorder(t, ['--out', out, '--keep', '1h', ...HTTP, '--node', 'n2']);
  assert.equal(await elsewhere.exited, 1);
  for (const wrong of [['--for', 'soon'], ['--probes', 'keystrokes'], ['--otlp-grpc', '4317'], ['--nope']]) {
    const misused = startRecorder(t, ['--out', out, ...wrong]);
    assert.equal(await misused.exited, 2, wrong.join(' '));
    assert.match(misused.said.join('\n'), new RegExp(wrong[0] ?? ''));
  }
});

test('--out that is a file is named', async (t) => {
  const out = join(scratch(t), 'tape');
  await writeFile(out, 'mine');
  const recorder = startRecorder(t, ['--out', out, ...HTTP]);
  assert.equal(await recorder.exited, 1);
  assert.deepEqual(recorder.said, [`ktape: --out ${out}: not a directory`]);
  assert.equal(await readFile(out, 'utf8'), 'mine');
});

test('a second recorder on the same directory is turned away, also from other namespaces; the first goes on', async (t) => {
  const out = join(scratch(t), 'tape');
  const first = startRecorder(t, ['--out', out, ...HTTP]);
  const [, address] = await first.says(OTLP_AT);
  await first.says(/^recording node/);
  const namespaces = ['unshare', '--net', '--mount', '--pid', '--fork'];
  for (const prefix of process.getuid?.() === 0 ? [[], namespaces] : [[]]) {
    const second = startRecorder(t, ['--out', out, ...HTTP], prefix);
    assert.equal(await second.exited, 1);
    assert.match(second.said.join('\n'), /^ktape: --out .*: another recorder is writing there$/);
  }
  assert.equal(await sendLogs(address, logRequest('kept')), 200);
  first.child.kill('SIGHUP');
  assert.equal(await first.exited, 0);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['kept']]);
});

test('with everything off there is nothing to record, which is misuse', async (t) => {
  const recorder = startRecorder(t, ['--out', join(scratch(t), 'tape'), ...HTTP, '--otlp-http', 'off']);
  assert.equal(await recorder.exited, 2);
  assert.deepEqual(recorder.said, ['ktape: everything is off: there is nothing to record']);
});
