import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LosslessNumber, stringify } from 'lossless-json';
import { parseLossless } from '../../../src/otlp/parse_json.js';

/** A value as JSON.parse has it: with its numbers cut to doubles. */
function cut(value: unknown): unknown {
  return JSON.parse(stringify(value) ?? '');
}

test('values are those that JSON.parse gives, but for numbers', () => {
  // The one key that is passed over, as a test below has it.
  const values = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__"'));
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(cut(parseLossless(text)), JSON.parse(text));
    }),
  );
});

test('numbers keep their digits, the last of two values counts, and no key is a prototype', () => {
  assert.deepEqual(
    parseLossless('[9007199254740993, -0, 1.50]'),
    ['9007199254740993', '-0', '1.50'].map((digits) => new LosslessNumber(digits)),
  );
  assert.deepEqual(parseLossless('{"a":true,"a":false,"__proto__":{"b":null}}'), { a: false });
});
