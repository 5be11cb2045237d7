import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinRemoved, keptSince } from '../../../src/tape/kept.js';
import type { Manifest, Removed } from '../../../src/tape/manifest.js';
import { formatTime, shortTime } from '../../../src/tape/time.js';
import { tinyTime } from '../../tiny_tape.js';

function removed(since: string, until: string, node = 'a', limit = '--keep'): Removed {
  return { node, since: formatTime(tinyTime(since)), until: formatTime(tinyTime(until)), limit };
}

function kept(nodes: readonly string[], stretches: readonly Removed[]): string {
  const manifest = {
    started: formatTime(tinyTime('10:00:00')),
    nodes: nodes.map((name) => ({ name, kernel: '', architecture: '', boot_time: null })),
    removed: stretches,
  };
  return shortTime(keptSince(manifest as unknown as Manifest)).slice(11, 19);
}

test('a tape vouches from its start, or from the end of what was removed of it', () => {
  assert.equal(kept(['a'], []), '10:00:00');
  assert.equal(kept(['a'], [removed('10:00:00', '10:05:00')]), '10:05:00');
  // Something was pinned before.
  assert.equal(kept(['a'], [removed('10:02:00', '10:05:00')]), '10:00:00');
  // Of several nodes the first one counts: what the others lack is told as a loss.
  assert.equal(kept(['a', 'b'], [removed('10:00:00', '10:05:00')]), '10:00:00');
  assert.equal(
    kept(['a', 'b'], [removed('10:00:00', '10:05:00'), removed('09:59:00', '10:04:00', 'b')]),
    '10:04:00',
  );
});

test('stretches that meet become one, with the limit of the last', () => {
  const [first, second] = [removed('10:00:00', '10:01:00'), removed('10:03:00', '10:04:00')];
  assert.deepEqual([second, first].reduce(joinRemoved, []), [first, second]);
  assert.deepEqual(
    [first, second, removed('10:01:00', '10:03:30', 'a', '--max-size')].reduce(joinRemoved, []),
    [removed('10:00:00', '10:04:00', 'a', '--max-size')],
  );
  const other = removed('10:00:30', '10:02:00', 'b');
  assert.deepEqual([first, other].reduce(joinRemoved, []), [first, other]);
});
