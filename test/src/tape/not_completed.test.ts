import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notCompleted } from '../../../src/tape/not_completed.js';
import { openTape } from '../../../src/tape/tape.js';
import { scratch } from '../../scratch.js';
import { writeTinyTape } from '../../tiny_tape.js';

test('what a tape lacks that was not completed is what came after its last sealing', async (t) => {
  const { manifest } = await openTape(await writeTinyTape(scratch(t), {}, { state: 'recording' }));
  assert.deepEqual(notCompleted('a.tape', manifest), [
    'a.tape was not completed: what came after 2026-11-22T10:00:00.000000000Z is not in it.',
  ]);
  assert.deepEqual(notCompleted('a.tape', { ...manifest, seen_until: null }), [
    'a.tape was not completed: what the recorder had not sealed yet is not in it.',
  ]);
  assert.deepEqual(notCompleted('a.tape', { ...manifest, state: 'complete' }), []);
});
