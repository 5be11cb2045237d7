import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../../scratch.js';
import {
  CLI,
  HTTP_ONLY,
  ktapeRows,
  logRequest,
  OTLP_AT,
  sendLogs,
  startRecorder,
} from '../../recorder_process.js';

/** What `ktape` answers. */
function ktape(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const pin = (tape: string, ...args: readonly string[]) => ktape('pin', tape, ...args);

test('a pin has the recorder write at once, and holds what came in since although it is too old', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, ...HTTP_ONLY, '--keep', '1ms']);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  assert.equal(await sendLogs(address, logRequest('the incident')), 200);
  const pinned = pin(out, '--last', '1h', '--name', 'incident');
  assert.match(pinned.stdout, /^incident: \S+ to \S+, 2 segments, [\d.]+ KiB\n$/);
  assert.equal(pinned.status, 0, pinned.stderr);
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['the incident']]);

  assert.equal(await sendLogs(address, logRequest('forgotten')), 200);
  assert.equal(pin(out, '--last', '1ms', '--name', 'other').status, 0);
  assert.equal(pin(out, '--remove', 'other').status, 0);
  assert.match(pin(out, '--list').stdout, /^name +since +until +by *\nincident +\S+ +\S+ +.+\n$/);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records'), [['the incident']]);
  assert.deepEqual(ktapeRows(out, 'SELECT reason, subject FROM losses'), [
    ['removed to stay within a limit', '--keep'],
  ]);
  assert.match(
    pin(out, '--last', '1h').stderr,
    /complete; nothing is removed from a tape that is not being recorded\n$/,
  );
});

test('what is pinned can be cut at once: a tape of its own, whole, while the recorder goes on', async (t) => {
  const parent = scratch(t);
  const [out, cut] = [join(parent, 'tape'), join(parent, 'incident')];
  const recorder = startRecorder(t, ['--out', out, ...HTTP_ONLY]);
  const [, address] = await recorder.says(OTLP_AT);
  await recorder.says(/^recording node/);
  assert.equal(await sendLogs(address, logRequest('the incident', new Date())), 200);
  const pinned = pin(out, '--last', '15m', '--name', 'incident');
  const [, since = '', until = ''] = /^incident: (\S+) to (\S+), /.exec(pinned.stdout) ?? [];
  assert.equal(await sendLogs(address, logRequest('later', new Date())), 200);

  const made = ktape('cut', out, '--since', since, '--until', until, '-o', cut);
  assert.equal(made.status, 0, made.stderr);
  assert.match(ktape('info', cut).stdout, /^state +complete$/m);
  assert.equal(ktape('verify', cut).status, 0);
  assert.deepEqual(ktapeRows(cut, 'SELECT body FROM log_records'), [['the incident']]);

  assert.equal(pin(out, '--remove', 'incident').status, 0);
  recorder.child.kill('SIGTERM');
  assert.equal(await recorder.exited, 0, recorder.said.join('\n'));
  assert.deepEqual(ktapeRows(out, 'SELECT body FROM log_records ORDER BY time'), [
    ['the incident'],
    ['later'],
  ]);
});

test('a pin that cannot be made says why', async (t) => {
  const tape = scratch(t);
  for (const [args, status, message] of [
    [['--last', '15'], 2, /'--last <duration>' argument '15' is invalid\. Expected a duration such as 30s/],
    [
      ['--last', '15m', '--name', '../x'],
      2,
      /"\.\.\/x" is no name of a pin; expected 1 to 63 of a-z, 0-9 and -/,
    ],
    [['--last', '15m'], 1, /not a tape; it has no tape\.json\n$/],
  ] as const) {
    const refused = pin(tape, ...args);
    assert.match(refused.stderr, message);
    assert.equal(refused.status, status);
  }
});
