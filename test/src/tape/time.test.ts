import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTime, parseTime, shortTime, shortTimes } from '../../../src/tape/time.js';

test('times are written in UTC with nine digits', () => {
  assert.equal(formatTime(1_795_342_530_123_456_789n), '2026-11-22T10:15:30.123456789Z');
  assert.equal(formatTime(-1n), '1969-12-31T23:59:59.999999999Z');
});

test('times are read with or without zone, seconds and fraction', () => {
  const noon = parseTime('2026-11-22T12:00:00Z');
  assert.equal(parseTime('2026-11-22 12:00'), noon);
  assert.equal(parseTime('2026-11-22T14:00:00+02:00'), noon);
  assert.equal(parseTime('2026-11-22T12:00:00.000000001Z'), noon + 1n);
  assert.equal(parseTime('2026-11-22'), noon - 12n * 3_600_000_000_000n);
});

test('what is no time is quoted', () => {
  for (const text of [
    '',
    'yesterday',
    '2026-13-01',
    '2026-02-30',
    '2026-11-22T25:00:00Z',
    '2026-11-22T12:00:00.1234567890Z',
  ]) {
    assert.throws(() => parseTime(text), {
      message: `"${text}" is not a time; expected one like 2026-11-22T10:15:30.5Z`,
    });
  }
});

test('for people a time is without the zeros at its end', () => {
  const short = (text: string) => shortTime(parseTime(text));
  assert.equal(short('2026-11-22T10:15:30Z'), '2026-11-22T10:15:30Z');
  assert.equal(short('2026-11-22T10:15:30.120Z'), '2026-11-22T10:15:30.12Z');
  assert.equal(short('2026-11-22T10:15:30.000000001Z'), '2026-11-22T10:15:30.000000001Z');
  const said = 'from 2026-11-22T10:15:30.000000000Z to 2026-11-22T10:15:30.500000000Z';
  assert.equal(shortTimes(said), 'from 2026-11-22T10:15:30Z to 2026-11-22T10:15:30.5Z');
});

test('any time of the next two centuries is read back as it was written', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 63n - 1n }), (time) => {
      assert.equal(parseTime(formatTime(time)), time);
    }),
  );
});
