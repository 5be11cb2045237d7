import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LosslessNumber, stringify } from 'lossless-json';
import { parseLossless } from '../../../src/otlp/parse_json.js';

/** A value as JSON.parse has it: with its numbers cut to doubles. */
function cut(value: unknown): unknown {
  return JSON.parse(stringify(value) ?? '');
}

test('what JSON.parse reads is read the same, however it is laid out', () => {
  // The one key that is passed over, as a test below has it.
  const values = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__"'));
  fc.assert(
    fc.property(values, fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(cut(parseLossless(text)), JSON.parse(text));
    }),
  );
});

test('what JSON.parse refuses is refused, and nothing else', () => {
  const parts = fc.constantFrom(...'{}[]",:\\0-1.e+tnru \n', 'true', 'null', '"a"', '\u0001');
  const errorOf = (parse: (text: string) => unknown, text: string) => {
    try {
      parse(text);
      return undefined;
    } catch (error) {
      return (error as Error).name;
    }
  };
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 8 }), (chosen) => {
      const text = chosen.join('');
      const expected = errorOf(JSON.parse, text) === undefined ? undefined : 'DecodeError';
      assert.equal(errorOf(parseLossless, text), expected, text);
    }),
    { numRuns: 5_000 },
  );
});

test('numbers keep their digits, the last of two values counts, and no key is a prototype', () => {
  assert.deepEqual(
    parseLossless('[9007199254740993, -0, 1.50]'),
    ['9007199254740993', '-0', '1.50'].map((digits) => new LosslessNumber(digits)),
  );
  assert.deepEqual(parseLossless('{"a":true,"a":false,"__proto__":{"b":null}}'), { a: false });
});

test('errors say where, what was expected and what is there', () => {
  for (const [text, message] of [
    ['{"name":', 'not JSON: at character 8: expected a value; found the end'],
    ['{"a" 1}', 'not JSON: at character 5: expected ":"; found "1}"'],
    ['[1 2]', 'not JSON: at character 3: expected "," or "]"; found "2]"'],
    ['"a', 'not JSON: the string at character 0 has no end'],
  ] as const) {
    assert.throws(() => parseLossless(text), { name: 'DecodeError', message });
  }
});

test('a long string takes no more memory than a few times its characters', () => {
  const text = JSON.stringify('x'.repeat(8 << 20));
  const before = process.memoryUsage().heapTotal;
  assert.equal(parseLossless(text), 'x'.repeat(8 << 20));
  assert.ok(process.memoryUsage().heapTotal - before < 100 << 20);
});
