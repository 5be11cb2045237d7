import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitMs } from '../../../capture/kubernetes/backoff.js';
import { GapTracker } from '../../../capture/kubernetes/gap.js';

const SECOND = 1_000_000_000n;

/** Gaps as `from-to reason`, in seconds. */
function track(story: (gap: GapTracker) => void): string[] {
  const told: string[] = [];
  const tracker = new GapTracker('Pod', ({ since, until, reason }) => {
    told.push(`${since / SECOND}-${until / SECOND} ${reason}`);
  });
  story(tracker);
  return told;
}

test('a gap is told when it ends, with the last reason', () => {
  const told = track((gap) => {
    gap.begin(10n * SECOND, 'broken');
    gap.begin(12n * SECOND, 'refused');
    gap.end(15n * SECOND, false);
    gap.end(16n * SECOND, false);
  });
  assert.deepEqual(told, ['10-15 refused']);
});

test('a gap that began earlier than was thought is told from there, once', () => {
  const told = track((gap) => {
    gap.begin(10n * SECOND, 'shed');
    gap.begin(5n * SECOND, 'shed');
    gap.begin(7n * SECOND, 'shed');
    gap.goOn(40n * SECOND);
    gap.begin(4n * SECOND, 'shed');
    gap.end(50n * SECOND, true);
  });
  assert.deepEqual(told, ['5-40 shed', '4-5 shed', '40-50 shed']);
});

test('a moment without watching is no gap, unless versions were lost in it', () => {
  const moment = (lossy: boolean) =>
    track((gap) => {
      gap.begin(10n * SECOND, 'expired');
      gap.end(10n * SECOND + 5n, lossy);
    });
  assert.deepEqual(moment(false), []);
  assert.deepEqual(moment(true), ['10-10 expired']);
});

test('a long gap is told in pieces that touch, down to the last moment', () => {
  const told = track((gap) => {
    gap.begin(0n, 'away');
    for (const second of [20n, 40n, 60n, 80n]) gap.goOn(second * SECOND);
    gap.end(80n * SECOND + 1n, false);
  });
  assert.deepEqual(told, ['0-40 away', '40-80 away', '80-80 away']);
});

test('attempts are spaced twice as far each time, up to a limit, and half of it is chance', () => {
  const backoff = { firstMs: 100, mostMs: 1000, refusedMs: 60_000, shedMostMs: 60_000 };
  const failure = { isRefusal: false, retryAfterMs: 0 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 500].map((failures) => waitMs(failure, backoff, failures, 1)),
    [100, 200, 400, 800, 1000, 1000],
  );
  assert.equal(waitMs(failure, backoff, 2, 0), 100);
});

test('a server that asks for more time gets it, within reason; one that refuses gets a minute', () => {
  const backoff = { firstMs: 100, mostMs: 1000, refusedMs: 60_000, shedMostMs: 60_000 };
  const wait = (retryAfterMs: number, isRefusal = false) =>
    waitMs({ isRefusal, retryAfterMs }, backoff, 1, 1);
  assert.deepEqual([wait(50), wait(5000), wait(86_400_000), wait(0, true)], [100, 5000, 60_000, 60_000]);
});
