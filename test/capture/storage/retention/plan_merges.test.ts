import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DiskLimits } from '../../../../capture/storage/retention/limits.js';
import { type Merge, planMerges } from '../../../../capture/storage/retention/plan_merges.js';
import { planRemoval } from '../../../../capture/storage/retention/plan_removal.js';
import type { StoredSegment } from '../../../../capture/storage/retention/stored_segment.js';
import type { Removed } from '../../../../src/tape/manifest.js';
import { diskAt, removedBetween, SECOND, segmentOf, seriesOf, short } from './segments.js';

const LIMITS: DiskLimits = { minFree: { bytes: 0 } };
const HOUR = 3600n * SECOND;

function planned(
  segments: readonly StoredSegment[],
  removed: readonly Removed[] = [],
  limits = LIMITS,
): string[] {
  return planMerges(segments, removed, limits).map(
    ({ sources, carry }) => `${sources.map(short).join(', ')}${carry === undefined ? '' : `: ${carry}`}`,
  );
}

test('ten short segments become one, nine do not', () => {
  assert.deepEqual(planned(seriesOf('spans', 9, 30)), []);
  const [merge] = planMerges(seriesOf('spans', 12, 30), [], LIMITS);
  assert.deepEqual([merge?.sources.length, merge?.sources.at(-1)?.until], [10, 300n * SECOND]);
});

test('no segment is to be longer than a twelfth of --keep', () => {
  const limits = { ...LIMITS, keepNs: HOUR };
  // Five minutes at most: ten of half a minute are that, and then done.
  assert.equal(planMerges(seriesOf('spans', 30, 30), [], limits)[0]?.sources.length, 10);
  assert.deepEqual(planned(seriesOf('spans', 30, 300), [], limits), []);
});

test('what a pin holds is merged only with what the same pin holds', () => {
  const pinned = seriesOf('spans', 12, 30).map((stored, i) =>
    i < 6 ? { ...stored, pinnedBy: ['p'] } : stored,
  );
  assert.deepEqual(planned(pinned), []);
});

test('the last states of a stretch that was removed are carried forward; those that had ended only for a pin before', () => {
  const objects = seriesOf('kubernetes_objects', 6, 10);
  assert.deepEqual(planned(objects, [removedBetween(0, 40)]), [
    'kubernetes_objects 0-10, kubernetes_objects 10-20, kubernetes_objects 20-30, kubernetes_objects 30-40: living',
  ]);
  assert.deepEqual(planned(objects, [removedBetween(0, 30)]), []);
  const after = [segmentOf('kubernetes_objects', -10, 0, 10, ['p']), ...objects];
  assert.match(planned(after, [removedBetween(0, 40)])[0] ?? '', /: last$/);
});

/** What is there after a merge that makes its segment as large as its sources. */
function merged(segments: readonly StoredSegment[], { table, sources }: Merge): StoredSegment[] {
  const [first, last] = [sources[0], sources.at(-1)];
  const bytes = sources.reduce((sum, { segment }) => sum + segment.bytes, 0);
  const rows = sources.reduce((sum, { segment }) => sum + segment.rows, 0);
  const of = segmentOf(
    table,
    Number((first?.since ?? 0n) / SECOND),
    Number((last?.until ?? 0n) / SECOND),
    bytes,
  );
  const { pinnedBy = [] } = first ?? {};
  return [
    ...segments.filter((stored) => !sources.includes(stored)),
    { ...of, segment: { ...of.segment, rows }, pinnedBy },
  ];
}

/** Merges until there is nothing to merge. */
function settled(segments: readonly StoredSegment[], limits: DiskLimits): StoredSegment[] {
  let now = [...segments];
  for (let due = planMerges(now, [], limits); due.length > 0; due = planMerges(now, [], limits)) {
    for (const merge of due) now = merged(now, merge);
  }
  return now;
}

for (const [name, limits, most, kept] of [
  ['--keep 24h', { ...LIMITS, keepNs: 24n * HOUR }, 50, 2880],
  ['--keep 6h', { ...LIMITS, keepNs: 6n * HOUR }, 50, 700],
  ['--max-size 512MiB', { ...LIMITS, maxBytes: 512 * 2 ** 20 }, 50, 1600],
  ['no limit', LIMITS, 40, 2880],
] as const) {
  test(`a day of sealing every 30 s with ${name} stays at tens of segments for each table`, () => {
    let segments: StoredSegment[] = [];
    let largest = 0;
    for (let second = 30; second <= 86_400; second += 30) {
      // Spans are many, drops few and rare.
      segments.push(segmentOf('spans', second - 30, second, 300_000));
      if (second % 420 === 0) segments.push(segmentOf('packet_drops', second - 30, second, 2_000));
      segments = settled(segments, limits);
      const gone = planRemoval(segments, limits, diskAt(second));
      segments = segments.filter((stored) => !gone.some((removal) => removal.stored === stored));
      for (const table of ['spans', 'packet_drops']) {
        largest = Math.max(largest, segments.filter((stored) => stored.table === table).length);
      }
      if ('maxBytes' in limits) {
        assert.ok(segments.reduce((sum, { segment }) => sum + segment.bytes, 0) <= limits.maxBytes);
      }
    }
    assert.ok(largest <= most, `${largest} segments`);
    const rows = segments
      .filter(({ table }) => table === 'spans')
      .reduce((sum, { segment }) => sum + segment.rows, 0);
    assert.ok(rows >= kept, `${rows} of 2880 sealings are kept`);
  });
}

test('whatever is there: neighbours of one table only, in order, each once, and merging comes to an end', () => {
  const anySegment = fc
    .record({
      table: fc.constantFrom('spans', 'cgroups'),
      seconds: fc.integer({ min: 1, max: 400 }),
      bytes: fc.nat(9_000_000),
    })
    .map(({ table, seconds, bytes }) => ({ table, seconds, bytes }));
  fc.assert(
    fc.property(
      fc.array(anySegment, { maxLength: 60 }),
      fc.option(fc.integer({ min: 100, max: 90_000 })),
      (drawn, keep) => {
        let at = 0;
        const segments = drawn.map(({ table, seconds, bytes }) => {
          at += seconds;
          return segmentOf(table, at - seconds, at, bytes);
        });
        const limits = keep === null ? LIMITS : { ...LIMITS, keepNs: BigInt(keep) * SECOND };
        for (const { table, sources } of planMerges(segments, [], limits)) {
          const of = segments.filter((stored) => stored.table === table);
          const start = of.indexOf(sources[0] as StoredSegment);
          assert.deepEqual(sources, of.slice(start, start + sources.length));
          assert.ok(sources.length >= 2);
          assert.ok(sources.reduce((sum, { segment }) => sum + segment.bytes, 0) <= 64 << 20);
        }
        const rows = settled(segments, limits).reduce((sum, { segment }) => sum + segment.rows, 0);
        assert.equal(rows, segments.length);
      },
    ),
  );
});
