import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTape } from '../../../src/tape/tape.js';
import { TapeWriter } from '../../../src/tape/writer.js';
import { smallDisk, whyNoSmallDisk } from '../../capture/small_disk.js';
import { skippedLive } from '../../live.js';
import { scratch } from '../../scratch.js';
import { tinyBatches, tinyTime, writeTinyTape } from '../../tiny_tape.js';
import { runCaptured } from '../cli/captured_terminal.js';
import { shareOf } from './share_of.js';

const SIZE = 1 << 20;
const PAGE = 4096;

test('a disk that is full half-way: what is wrong is said, and nothing is left', async (t) => {
  if (skippedLive(t, whyNoSmallDisk())) return;
  const disk = smallDisk(t, 1);
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

test('a disk on which the archive finds no room: the search ends too', async (t) => {
  if (skippedLive(t, whyNoSmallDisk())) return;
  const disk = smallDisk(t, 32);
  const tape = await openTape(await tapeOfManySegments(scratch(t)));
  const bytes = Object.values(tape.manifest.tables)
    .flat()
    .reduce((sum, segment) => sum + segment.bytes, 0);
  // There is room for the rewritten segments, and for some of the archive that is made of them.
  writeFileSync(join(disk, 'ballast'), Buffer.alloc((32 << 20) - Math.ceil(1.2 * bytes)));
  let last = '';
  const sharing = shareOf(tape, disk, scratch(t), (what) => {
    last = what;
  });
  await assert.rejects(sharing, /^KtapeError: .*out\.tape\.tar: not written: .*no space left on device$/i);
  assert.doesNotMatch(last, new RegExp(`: ${2 * SEGMENTS + 1} of`));
  assert.deepEqual(readdirSync(disk), ['ballast']);
});

const SEGMENTS = 100;

/** A tape so large that threads search it, of which nothing can be packed more tightly. */
async function tapeOfManySegments(parent: string): Promise<string> {
  const directory = join(parent, 'tape');
  const writer = await TapeWriter.create(directory, {
    tool: 'ktape test',
    started: tinyTime('10:00:00'),
    nodes: [],
  });
  for (let i = 0; i < SEGMENTS; i++) {
    const body = randomBytes(60_000).toString('hex');
    await writer.seal(tinyBatches({ log_records: [{ time: '10:00:01', body, body_type: 's' }] }));
  }
  await writer.complete(tinyTime('10:01:00'));
  return directory;
}
