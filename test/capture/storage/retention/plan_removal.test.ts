import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DiskLimits } from '../../../../capture/storage/retention/limits.js';
import { type DiskState, planRemoval } from '../../../../capture/storage/retention/plan_removal.js';
import type { StoredSegment } from '../../../../capture/storage/retention/stored_segment.js';
import { diskAt, SECOND, segmentOf, short } from './segments.js';

const MIN_FREE = { minFree: { bytes: 1e9 } };

/** Sealed together every ten seconds, spans three times as large as logs. */
const SEGMENTS = [10, 20, 30, 40].flatMap((until) => [
  segmentOf('spans', until - 10, until, 30),
  segmentOf('log_records', until - 10, until, 10),
  segmentOf('kubernetes_objects', until - 10, until, 1),
]);

function planned(limits: Partial<DiskLimits>, disk: DiskState, segments = SEGMENTS): string[] {
  return planRemoval(segments, { ...MIN_FREE, ...limits }, disk).map(
    ({ stored, limit }) => `${short(stored)} ${limit}`,
  );
}

test('--keep removes what was received too long ago, and never the state of the cluster', () => {
  assert.deepEqual(planned({ keepNs: 25n * SECOND }, diskAt(50)), [
    'log_records 0-10 --keep',
    'spans 0-10 --keep',
    'log_records 10-20 --keep',
    'spans 10-20 --keep',
  ]);
});

test('--max-size removes the oldest of all tables together until the rest fits, with what is about to be written', () => {
  assert.deepEqual(planned({ maxBytes: 164 }, diskAt(50)), []);
  const oldest = ['log_records 0-10 --max-size', 'spans 0-10 --max-size'];
  assert.deepEqual(planned({ maxBytes: 164 }, diskAt(50, { otherBytes: 5 })), oldest);
});

test('where too little of the disk is free a window gives up its oldest; a whole recording nothing', () => {
  const short = diskAt(50, { free: 1e9 - 35 });
  assert.deepEqual(planned({ maxBytes: 1e9 }, short), [
    'log_records 0-10 --min-free',
    'spans 0-10 --min-free',
  ]);
  assert.deepEqual(planned({}, short), []);
});

test('what is pinned stays, and leaves a quarter of --max-size to the rest', () => {
  const segments = SEGMENTS.map((stored) =>
    stored.until <= 30n * SECOND ? { ...stored, pinnedBy: ['outage'] } : stored,
  );
  assert.deepEqual(planned({ keepNs: SECOND }, diskAt(50), segments), [
    'log_records 30-40 --keep',
    'spans 30-40 --keep',
  ]);
  assert.deepEqual(planned({ maxBytes: 160 }, diskAt(50), segments), []);
  assert.deepEqual(planned({ maxBytes: 144 }, diskAt(50), segments), [
    'log_records 30-40 --max-size',
    'spans 30-40 --max-size',
  ]);
});

const anySegment: fc.Arbitrary<StoredSegment> = fc
  .record({
    table: fc.constantFrom('spans', 'log_records', 'cgroups'),
    since: fc.nat(100),
    seconds: fc.nat(20),
    bytes: fc.nat(100),
    pinned: fc.boolean(),
  })
  .map(({ table, since, seconds, bytes, pinned }) =>
    segmentOf(table, since, since + seconds, bytes, pinned ? ['p'] : []),
  );

test('whatever is there: only what may go does, nothing younger before anything older, and no more than needed', () => {
  fc.assert(
    fc.property(
      fc.array(anySegment),
      fc.record({ keep: fc.option(fc.nat(150)), max: fc.nat(2000), free: fc.nat(2000) }),
      (segments, { keep, max, free }) => {
        const limits = {
          ...MIN_FREE,
          maxBytes: max,
          ...(keep === null ? {} : { keepNs: BigInt(keep) * SECOND }),
        };
        const disk = diskAt(120, { free: 1e9 + free - 1000 });
        const gone = planRemoval(segments, limits, disk);
        const stays = segments.filter((one) => !gone.some(({ stored }) => stored === one));
        const removable = stays.filter(({ table, pinnedBy }) => table !== 'cgroups' && pinnedBy.length === 0);
        for (const { stored } of gone) {
          assert.ok(stored.table !== 'cgroups' && stored.pinnedBy.length === 0);
          assert.ok(removable.every(({ until }) => until > stored.until));
        }
        const sum = (list: readonly StoredSegment[]) =>
          list.reduce((bytes, { segment }) => bytes + segment.bytes, 0);
        const freed = sum(gone.map(({ stored }) => stored));
        if (removable.length > 0) {
          assert.ok(disk.free + freed >= disk.minFree);
          const held = sum(stays) - sum(removable);
          assert.ok(sum(stays) <= Math.max(max, held + Math.ceil(max / 4)));
        }
        // Without the last moment of what went, a limit would be broken.
        const [newest] = gone.slice(-1);
        if (newest === undefined || newest.limit === '--keep') return;
        const last = sum(
          gone.filter(({ stored }) => stored.until === newest.stored.until).map(({ stored }) => stored),
        );
        const before =
          newest.limit === '--max-size' ? sum(stays) + last > max : disk.free + freed - last < disk.minFree;
        assert.ok(before);
      },
    ),
  );
});
