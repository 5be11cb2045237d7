import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { copySegment } from '../../../src/tape/copy_segment.js';
import { mergeTapes } from '../../../src/tape/merge_tapes.js';
import { openTape, type Tape } from '../../../src/tape/tape.js';
import { repository } from '../../repository.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';

const RECORDED = join(repository, 'fixtures/tapes/checkout-outage.tape');

/** The part of a tape that has these tables only. */
function part(tape: Tape, has: (table: string) => boolean): Tape {
  const tables = Object.fromEntries(Object.entries(tape.manifest.tables).filter(([table]) => has(table)));
  return { ...tape, manifest: { ...tape.manifest, tables } };
}

/** What a command says of a tape, without its path. */
async function answer(t: TestContext, tape: string, ...args: readonly string[]): Promise<string> {
  const [verb = '', ...rest] = args;
  const { stdout, stderr } = await runCaptured([verb, tape, ...rest], { temporary: scratch(t) });
  return `${stdout}${stderr}`.replaceAll(tape, 'TAPE');
}

test('the tape of a node and that of its cluster answer together as one tape of both did', async (t) => {
  const whole = await openTape(RECORDED);
  const cluster = part(whole, (table) => table === 'kubernetes_objects');
  const node = part(whole, (table) => table !== 'kubernetes_objects');
  const merged = join(scratch(t), 'merged.tape');
  await mergeTapes([node, cluster], merged, whole.manifest.tool, copySegment);
  for (const report of ['network/dropped_by_policy', 'traces/slow_spans', 'recording/losses']) {
    const args = ['report', report, '--format', 'json'] as const;
    assert.equal(await answer(t, merged, ...args), await answer(t, RECORDED, ...args), report);
  }
  assert.match(await answer(t, merged, 'report', 'network/dropped_by_policy'), /payment-ingress/);
  assert.match(await answer(t, merged, 'verify'), /\d+ segments, 0 damaged\n$/);
  // What it is made of stays as it was.
  assert.deepEqual(await openTape(RECORDED), whole);
});
