import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../../scratch.js';
import { startRecorder } from '../../recorder_process.js';

for (const [option, value, expected] of [
  ['--keep', '24', 'a duration such as 30s, 15m, 24h or 7d.'],
  ['--max-size', '2G', 'a size of at least 64MiB, such as 500MiB or 2GiB.'],
  ['--min-free', '200%', 'a size such as 1GiB, or a share of the disk such as 5%.'],
  ['--max-memory', '10MiB', 'a size of at least 140MiB, such as 500MiB or 2GiB.'],
] as const) {
  test(`${option} ${value} is refused, with what was expected`, async (t) => {
    const recorder = startRecorder(t, ['--out', join(scratch(t), 'tape'), option, value]);
    assert.equal(await recorder.exited, 2);
    assert.match(recorder.said.join('\n'), new RegExp(`'${option} <.+>' argument '${value}' is invalid`));
    assert.ok(
      recorder.said.join('\n').endsWith(`Expected ${expected}\n(ktape record --help says what there is)`),
    );
  });
}

test('nothing is begun on a disk with less free than --min-free', async (t) => {
  const out = join(scratch(t), 'tape');
  const recorder = startRecorder(t, ['--out', out, '--min-free', '8000TiB', '--probes', 'off']);
  assert.equal(await recorder.exited, 1);
  assert.match(
    recorder.said.join('\n'),
    /^ktape: --out .+: .+ would be left free on the disk; --min-free is 8000 TiB$/,
  );
  assert.equal(existsSync(join(out, 'tape.json')), false);
});
