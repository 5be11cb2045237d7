import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBytes, parseDuration, sizeText } from '../../../src/tape/units.js';

test('durations and sizes as people and Kubernetes write them', () => {
  assert.deepEqual(
    ['250ms', '30s', '1.5m', '24h', '7d'].map(parseDuration),
    [250, 30_000, 90_000, 86_400_000, 604_800_000],
  );
  assert.deepEqual(['100B', '2KiB', '500Mi', '2GiB', '1.5GB'].map(parseBytes), [
    100,
    2048,
    500 * 2 ** 20,
    2 ** 31,
    1_500_000_000,
  ]);
});

test('what is neither', () => {
  assert.deepEqual(
    ['', '24', '0s', '-1h', '1h30m', '3toString', 'h'].map(parseDuration),
    Array(7).fill(undefined),
  );
  assert.deepEqual(
    ['2G', '10', '0MiB', '1iB', '1e3KB', '9999999TiB'].map(parseBytes),
    Array(6).fill(undefined),
  );
});

test('bytes for people', () => {
  assert.deepEqual([0, 1023, 1024, 1_600_000, 2 ** 31].map(sizeText), [
    '0 B',
    '1023 B',
    '1 KiB',
    '1.5 MiB',
    '2 GiB',
  ]);
});
