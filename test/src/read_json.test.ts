import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type JsonParts, readJson } from '../../src/read_json.js';

/** Writes the parts again, without blanks. */
const WRITTEN: JsonParts<string> = {
  literal: (text) => text,
  string: (text) => JSON.stringify(text),
  list: (items) => `[${items.join()}]`,
  object: (fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`,
};

const written = (text: string) => readJson(text, WRITTEN, 10);

test('what JSON.parse reads is read the same, however it is laid out', () => {
  const values = fc.jsonValue({ stringUnit: 'binary', maxDepth: 9 });
  fc.assert(
    fc.property(values, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      assert.equal(written(JSON.stringify(value, undefined, indent)), JSON.stringify(value));
    }),
  );
});

test('numbers keep their digits, fields their order and those that come twice', () => {
  const text = '{"b":12345678901234567890,"2":1.0,"b":-0,"__proto__":[1e400,true,false,null,{}],"e":"A"}';
  assert.equal(written(text.replace('"A"', ' "\\u0041" ')), text);
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
      assert.equal(errorOf(written, text), expected, text);
    }),
    { numRuns: 5_000 },
  );
});

test('errors say where, what was expected and what is there', () => {
  for (const [text, message] of [
    ['{"name":', 'not JSON: at character 8: expected a value; found the end'],
    ['{"a" 1}', 'not JSON: at character 5: expected ":"; found "1}"'],
    ['{1:2}', 'not JSON: at character 1: expected a string; found "1:2}"'],
    ['[1 2]', 'not JSON: at character 3: expected "," or "]"; found "2]"'],
    ['[1]]', 'not JSON: at character 3: expected the end; found "]"'],
    ['"a', 'not JSON: the string at character 0 has no end'],
    ['[[[[[[[[[[[]]]]]]]]]]]', 'JSON nested more than 10 deep at character 10'],
  ] as const) {
    assert.throws(() => written(text), { name: 'DecodeError', message });
  }
  assert.throws(() => written('"\\x"'), /^DecodeError: not JSON: the string at character 0: Bad escaped/);
});

test('a long string takes no more memory than a few times its characters', () => {
  const text = JSON.stringify('x'.repeat(8 << 20));
  const before = process.memoryUsage().heapTotal;
  assert.equal(readJson(text, { ...WRITTEN, string: ({ length }) => String(length) }, 1), String(8 << 20));
  assert.ok(process.memoryUsage().heapTotal - before < 100 << 20);
});
