import assert from 'node:assert/strict';
import { chown, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTape } from '../../src/tape/tape.js';
import { scratch } from '../scratch.js';
import {
  CLUSTER_ONLY,
  HTTP_ONLY,
  ktapeRows,
  logRequest,
  OTLP_AT,
  sendLogs,
  startRecorder,
} from './recorder_process.js';

const HTTP = [...HTTP_ONLY, '--node', 'n1'];

test('--for ends it with a complete tape that holds what was acknowledged', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, '--for', '2s', ...HTTP]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node n1/);
  assert.equal(await sendLogs(address, logRequest('hello')), 200);
  assert.equal(await recorder.exited, 0);
  const { manifest } = await openTape(out);
  assert.equal(manifest.state, 'complete');
  assert.deepEqual(ktapeRows(out, 'SELECT time, node, body FROM log_records'), [
    ['2026-11-22T10:15:30.123456789Z', 'n1', 'hello'],
  ]);
  assert.ok(!(await readdir(out)).includes('journal'));
});

test('after kill -9 the next start brings back every acknowledged request once, and says what it can not', async (t) => {
  const out = join(scratch(t), 'tape');
  const started = BigInt(Date.now()) * 1_000_000n;
  const first = startRecorder(t, ['--out', out, ...HTTP]);
  const [, address] = await first.says(OTLP_AT);
  await first.says(/^recording node/);
  const statuses = await Promise.all(['a', 'b', 'c'].map((body) => sendLogs(address, logRequest(body))));
  assert.deepEqual(statuses, [200, 200, 200]);
  first.child.kill('SIGKILL');
  assert.equal(await first.exited, 'SIGKILL');

  const second = startRecorder(t, ['--out', out, ...HTTP]);
  await second.says(/^taking up an unfinished tape; 3 acknowledged OTLP requests come from its journal$/);
  const [, again] = await second.says(OTLP_AT);
  await second.says(/^recording node/);
  assert.equal(await sendLogs(again, logRequest('d')), 200);
  second.child.kill('SIGTERM');
  assert.equal(await second.exited, 0);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records ORDER BY body'), [
    ['a'],
    ['b'],
    ['c'],
    ['d'],
  ]);
  const [loss = [], ...others] = ktapeRows(
    out,
    `SELECT source, reason, epoch_ns(time), epoch_ns(until) FROM losses WHERE reason = 'recorder ended abruptly'`,
  );
  assert.deepEqual([...loss.slice(0, 2), ...others], ['recorder', 'recorder ended abruptly']);
  // Nothing was sealed before: all that the kernel and the cluster told since the start was lost.
  const [since, until] = [BigInt(String(loss[2])), BigInt(String(loss[3]))];
  assert.ok(since - started < 5_000_000_000n && until > since, `${since} to ${until}`);
});

test('a request that cannot be decoded is refused, counted and noted; the others stay', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, ...HTTP]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  assert.equal(await sendLogs(address, logRequest('good')), 200);
  assert.equal(await sendLogs(address, '{"resourceLogs": 7}'), 400);
  assert.equal(await sendLogs(address, '\u0001\u0002', 'application/x-protobuf'), 400);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['good']]);
  assert.deepEqual(ktapeRows(out, 'SELECT max(otlp_requests), max(otlp_refused) FROM recorder_health'), [
    ['1', '2'],
  ]);
  assert.deepEqual(ktapeRows(out, 'SELECT source, table_name, reason FROM losses'), [
    ['otlp', 'log_records', 'undecodable request'],
  ]);
});

test('an API server that is not there: recording goes on, and the gap is on the tape', async (t) => {
  const folder = scratch(t);
  const out = join(folder, 'tape');
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      clusters: [{ name: 'k', cluster: { server: 'http://127.0.0.1:1', 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { token: 't' } }],
    }),
  );
  const args = [...CLUSTER_ONLY, '--kubernetes', kubeconfig];
  const recorder = startRecorder(t, ['--out', out, '--for', '2s', ...args]);
  assert.equal(await recorder.exited, 0);
  assert.match(recorder.said.join('\n'), /127\.0\.0\.1:1/);
  const gaps = ktapeRows(
    out,
    `SELECT subject FROM losses WHERE source = 'kubernetes' AND reason = 'watch gap'`,
  );
  assert.ok(gaps.flat().includes('NetworkPolicy') && gaps.flat().includes('Pod'), JSON.stringify(gaps));
});

test('without the privileges for eBPF recording goes on; it is said at start and kept on the tape', async (t) => {
  const folder = scratch(t);
  const out = join(folder, 'tape');
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  if (process.getuid?.() === 0) {
    await chown(folder, 65534, 65534);
  }
  const args = ['--otlp-grpc', 'off', '--otlp-http', 'off', '--kubernetes', 'off', '--for', '1s'];
  const recorder = startRecorder(t, ['--out', out, ...args], process.getuid?.() === 0 ? asNobody : []);
  assert.equal(await recorder.exited, 0);
  assert.match(recorder.said.join('\n'), /probe packet_drops: NOT RECORDED, /);
  const { manifest } = await openTape(out);
  const probe = manifest.sources.find(({ name }) => name === 'probe packet_drops');
  assert.equal(probe?.state, 'unavailable');
  assert.equal(manifest.tables.packet_drops, undefined);
});

test('with --keep a tape that was completed is taken up again, and the time between is a loss', async (t) => {
  const out = join(scratch(t), 'tape');
  const keep = async (body: string) => {
    const recorder = startRecorder(t, ['--out', out, '--keep', '1h', ...HTTP]);
    const [, address] = await recorder.says(OTLP_AT);
    await recorder.says(/^recording node/);
    assert.equal(await sendLogs(address, logRequest(body)), 200);
    recorder.child.kill('SIGTERM');
    assert.equal(await recorder.exited, 0);
    return { said: recorder.said.join('\n'), manifest: (await openTape(out)).manifest };
  };
  const { started, ended } = (await keep('a')).manifest;
  const second = await keep('b');
  assert.ok(second.said.startsWith(`taking up the tape of a recorder that was stopped at ${ended}\n`));
  assert.equal(second.manifest.state, 'complete');
  assert.equal(second.manifest.started, started);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records ORDER BY body'), [['a'], ['b']]);
  assert.equal(second.manifest.tables.losses?.[0]?.received_since, ended);
  const losses = ktapeRows(out, 'SELECT time, source, reason, until > time FROM losses ORDER BY time');
  assert.deepEqual(losses, [
    [ended, 'recorder', 'recorder was stopped', true],
    [losses[1]?.[0], 'recorder', 'not started yet', true],
  ]);
});

test('a damaged journal: what is whole comes back, and the rest is a loss', async (t) => {
  const out = join(scratch(t), 'tape');
  const first = startRecorder(t, ['--out', out, ...HTTP]);
  const [, address] = await first.says(OTLP_AT);
  await first.says(/^recording node/);
  for (const body of ['a', 'b', 'c']) assert.equal(await sendLogs(address, logRequest(body)), 200);
  first.child.kill('SIGKILL');
  await first.exited;
  const journal = join(out, 'journal', '000001.journal');
  const bytes = await readFile(journal);
  const second = bytes.length / 3 + 20;
  await writeFile(journal, bytes.with(second, (bytes[second] ?? 0) ^ 1));

  const again = startRecorder(t, ['--out', out, '--for', '1s', ...HTTP]);
  assert.equal(await again.exited, 0);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['a']]);
  const losses = ktapeRows(out, `SELECT detail FROM losses WHERE reason = 'journal cut short'`);
  assert.match(
    String(losses[0]),
    new RegExp(`^${(bytes.length / 3) * 2} bytes of the journal are no whole requests`),
  );
  assert.match(
    again.said.join('\n'),
    /^\d+ bytes of the journal are no whole requests.*; kept as .*\/torn\/000001\.journal$/m,
  );
  const damaged = Buffer.from(bytes.with(second, (bytes[second] ?? 0) ^ 1));
  assert.deepEqual(await readFile(join(out, 'torn', '000001.journal')), damaged.subarray(bytes.length / 3));
});

test('a small request that would be written out as gigabytes is refused, and the next one is taken', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, ...HTTP]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  const attributes = [{ key: 'bomb', value: { stringValue: 'x'.repeat(1 << 20) } }];
  const logRecords = Array.from({ length: 2100 }, () => ({}));
  assert.equal(
    await sendLogs(address, { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }),
    400,
  );
  assert.equal(await sendLogs(address, logRequest('innocent')), 200);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['innocent']]);
});

test('when whoever reads what it says goes away, the recording goes on', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, '--for', '2s', ...HTTP]);
  await recorder.says(OTLP_AT);
  recorder.child.stderr?.destroy();
  assert.equal(await recorder.exited, 0);
});

test('one wish to stop that comes twice still ends in a complete tape', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, ...HTTP]);
  await recorder.says(/^recording node/);
  recorder.child.kill('SIGTERM');
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0);
  assert.equal((await openTape(out)).manifest.state, 'complete');
});
