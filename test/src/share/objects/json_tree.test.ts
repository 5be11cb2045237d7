import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fields, jsonText, jsonWithin, parseJson } from '../../../../src/share/objects/json_tree.js';

test('JSON comes out as it went in', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 2), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
      assert.equal(jsonText(parseJson(spaced)), JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('numbers keep their digits, fields their order and those that come twice', () => {
  const text = '{"b":12345678901234567890,"2":1.0,"b":-0,"__proto__":[1e400,{}],"e":"\\u0041\\n"}';
  const object = parseJson(text);
  assert(object instanceof Fields);
  assert.equal(jsonText(object), text.replace('\\u0041', 'A'));
  assert.equal(
    jsonText(object.with('2', 'two').with('new', [])),
    '{"b":12345678901234567890,"2":"two","b":-0,"__proto__":[1e400,{}],"e":"A\\n","new":[]}',
  );
});

test('text that holds no JSON is told from text that does', () => {
  assert.deepEqual(jsonWithin(' ["a"]'), ['a']);
  assert.equal(jsonWithin('"a"'), undefined);
  assert.equal(jsonWithin('[1'), undefined);
  assert.equal(jsonWithin('['.repeat(201) + ']'.repeat(201)), undefined);
});
