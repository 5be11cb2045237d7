import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';

const SIZE = 1 << 20;
const PAGE = 4096;

test('a disk that is full half-way: what is wrong is said, and nothing is left', async (t) => {
  if (skippedLive(t, process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root')) return;
  let unmount = () => undefined as unknown;
  t.after(() => unmount());
  const disk = scratch(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'ktape-test', disk]);
  unmount = () => execFileSync('umount', ['--lazy', disk]);
  const spans = Array.from({ length: 200 }, (_, i) => ({ time: '10:00:01', row_id: i, name: `call ${i}` }));
  const tape = await writeTinyTape(scratch(t), { spans });
  const out = join(disk, 'out.tape.tar');
  const command = ['share', tape, '-o', out];
  const said: string[] = [];
  // A little more room each time: it runs out at every step in turn.
  for (let left = PAGE; left < SIZE; left += PAGE) {
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(SIZE - left));
    const { status, stderr } = await runCaptured(command, { temporary: scratch(t) });
    if (status === 0) break;
    said.push(stderr);
    assert.match(stderr, /out\.(tape\.tar|map\.json): not written: .*no space left on device/i);
    assert.deepEqual(readdirSync(disk), ['ballast']);
  }
  assert.deepEqual(readdirSync(disk).sort(), ['ballast', 'out.map.json', 'out.tape.tar']);
  assert.ok(said.length > 3, `refused ${said.length} times`);
});
