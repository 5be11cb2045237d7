import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Threads } from '../../../src/threads/threads.js';
import type { Marker } from './marker.js';

function markers(t: TestContext, count: number): Threads<Marker> {
  const threads = Threads.start<Marker>(count, new URL('./marker.js', import.meta.url), undefined);
  t.after(() => threads.end());
  return threads;
}

test('a thread goes on with the next task while nobody looks at its answer', async (t) => {
  const marks = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const tasks = [0, 1, 2].map((task) => ({ marks, task }));
  const seen: string[] = [];
  for await (const task of markers(t, 1).each('mark', tasks)) {
    // This thread does nothing else until then.
    const next = Math.min(task + 1, 2);
    seen.push(`${task}, then ${next}: ${Atomics.wait(marks, next, 0, 20_000)}`.replace('not-equal', 'ok'));
  }
  assert.deepEqual(seen, ['0, then 1: ok', '1, then 2: ok', '2, then 2: ok']);
});

test('each task is done once, by however many threads', async (t) => {
  const marks = new Int32Array(new SharedArrayBuffer(100 * Int32Array.BYTES_PER_ELEMENT));
  const tasks = Array.from({ length: 100 }, (_, task) => ({ marks, task }));
  const done: number[] = [];
  for await (const task of markers(t, 3).each('mark', tasks)) done.push(task);
  assert.deepEqual(
    done.sort((a, b) => a - b),
    tasks.map(({ task }) => task),
  );
});

test('a thread that died is told to whoever waits for it, and to whoever asks it later', async (t) => {
  const threads = markers(t, 1);
  await assert.rejects(threads.all('die', undefined), { message: 'no more of this thread' });
  await assert.rejects(threads.all('die', undefined), { message: 'no more of this thread' });
});
