import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inert, inertJson, inertLines } from '../../src/inert.js';

for (const [what, text, shown] of [
  ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
  ['its form in one character', '\u009b2J', '\\u009b2J'],
  ['a title that a terminal would set', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  ['ends of lines', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['a turned direction of writing', 'a\u202eb', 'a\\u202eb'],
  ['an invisible mark', 'pass\u200bword', 'pass\\u200bword'],
  ['half of a surrogate pair', 'a\ud800b', 'a\\ud800b'],
  ['letters of any script, and emoji', 'é 世界 🙂 e\u0301', 'é 世界 🙂 e\u0301'],
] as const) {
  test(`inert: ${what}`, () => assert.equal(inert(text), shown));
}

test('inertLines keeps the ends of lines', () => assert.equal(inertLines('a\n\u001bb'), 'a\n\\u001bb'));

test('inert text has no control character, whatever it was made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(inert(text), /\p{Cc}|\p{Cs}/u);
    }),
  );
});

test('inertJson says what the JSON said', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const json = inertJson(JSON.stringify([value, text], null, 1));
      assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify([value, text])));
      assert.doesNotMatch(json, /[^\n\P{Cc}]/u);
    }),
  );
});
