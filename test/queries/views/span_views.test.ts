import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTime } from '../../../src/tape/time.js';
import { rowsOf, type TinyRow, tinyTime } from '../../tiny_tape.js';

let rowId = 0;

/** A span from `start` to `end`, nanoseconds after ten o'clock. */
function span(
  id: string,
  parent: string | null,
  start: number,
  end: number | null,
  more: TinyRow = {},
): TinyRow {
  return {
    time: `10:00:00.${String(start).padStart(9, '0')}`,
    row_id: ++rowId,
    trace_id: 't',
    span_id: id,
    parent_span_id: parent,
    name: id,
    kind: 'SERVER',
    status_code: 'UNSET',
    duration_ns: end === null ? null : BigInt(end - start),
    ...more,
  };
}

const selfTimes = (spans: TinyRow[]) =>
  rowsOf({ spans }, 'SELECT name, duration_ns, self_time_ns FROM span_self_times ORDER BY name');

test('span_self_times: the union of the children is taken off, clipped to the parent', async () => {
  assert.deepEqual(
    await selfTimes([
      span('parent', null, 100, 200),
      span('child-1', 'parent', 110, 130),
      span('child-2', 'parent', 120, 140), // Overlaps the first.
      span('child-3', 'parent', 125, 128), // Lies within both.
      span('child-4', 'parent', 50, 105), // Began before the parent: the clocks differ.
      span('child-5', 'parent', 190, 300), // Went on after the parent ended.
      span('child-6', 'parent', 300, 400), // Began after the parent ended.
    ]),
    [
      ['child-1', '20', '20'],
      ['child-2', '20', '20'],
      ['child-3', '3', '3'],
      ['child-4', '55', '55'],
      ['child-5', '110', '110'],
      ['child-6', '100', '100'],
      ['parent', '100', '55'],
    ],
  );
});

test('span_self_times: a span sent twice counts once, one without an end not at all', async () => {
  assert.deepEqual(
    await selfTimes([
      span('parent', null, 100, 200),
      span('parent', null, 100, 200),
      span('child', 'parent', 150, 160),
      span('child', 'parent', 150, 160),
      span('endless', 'parent', 100, null),
    ]),
    [
      ['child', '10', '10'],
      ['parent', '100', '90'],
    ],
  );
});

test('span_self_times: whatever the children, self time is what no child covers', async () => {
  const child = fc
    .tuple(fc.nat(40), fc.nat(40))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
  await fc.assert(
    fc.asyncProperty(fc.array(child, { maxLength: 8 }), async (children) => {
      const covered = new Set<number>();
      for (const { start, end } of children) for (let ns = start; ns < end; ns++) covered.add(ns);
      const free = Array.from({ length: 20 }, (_, i) => 10 + i).filter((ns) => !covered.has(ns)).length;
      const rows = await selfTimes([
        span('parent', null, 10, 30),
        ...children.map(({ start, end }, i) => span(`child-${i}`, 'parent', start, end)),
      ]);
      assert.equal(rows.at(-1)?.[2], String(free));
    }),
    { numRuns: 30 },
  );
});

test('failure_window: where failed spans stand out, not where single ones are', async () => {
  const spans = Array.from({ length: 60 }, (_, second) => {
    const failed = second === 3 || (second >= 20 && second < 30 && second !== 24);
    return span(`s${second}`, null, 0, 1, {
      time: `10:00:${String(second).padStart(2, '0')}.5`,
      status_code: failed ? 'ERROR' : 'UNSET',
    });
  });
  assert.deepEqual(await rowsOf({ spans }, 'FROM failure_window'), [
    [formatTime(tinyTime('10:00:20.5')), formatTime(tinyTime('10:00:29.5') + 2n), '9'],
  ]);
});

test('failure_window: to the end of the last failed span, and at least a second', async () => {
  const window = (durationNs: number) =>
    rowsOf({ spans: [span('a', null, 0, durationNs, { status_code: 'ERROR' })] }, 'FROM failure_window');
  const since = '2026-11-22T10:00:00.000000000Z';
  assert.deepEqual(await window(5), [[since, '2026-11-22T10:00:01.000000000Z', '1']]);
  assert.deepEqual(await window(3_000_000_000), [[since, '2026-11-22T10:00:03.000000001Z', '1']]);
});

test('failure_window: no row when no span failed', async () => {
  assert.deepEqual(await rowsOf({ spans: [span('ok', null, 0, 1)] }, 'FROM failure_window'), []);
  assert.deepEqual(await rowsOf({ spans: [] }, 'FROM failure_window'), []);
});
