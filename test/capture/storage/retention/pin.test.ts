import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../../scratch.js';
import { CLI, ktapeRows, logRequest, OTLP_AT, sendLogs, startRecorder } from '../../recorder_process.js';

const ELSEWHERE = ['--probes', 'off', '--kubernetes', 'off', '--cgroups', 'off', '--otlp-grpc', 'off'];

/** What `ktape pin` on the tape answers. */
function pin(tape: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'pin', tape, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a pin has the recorder write at once, and holds what came in since although it is too old', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, [
    '--out',
    out,
    ...ELSEWHERE,
    '--otlp-http',
    '127.0.0.1:0',
    '--keep',
    '1ms',
  ]);
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
