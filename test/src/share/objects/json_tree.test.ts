import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../../../src/errors.js';
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

test('what is no JSON is said with its place', () => {
  const message = (text: string) => {
    try {
      return jsonText(parseJson(text));
    } catch (error) {
      assert(error instanceof DecodeError);
      return error.message;
    }
  };
  assert.equal(message('{"a":}'), 'expected a value at character 6 of JSON');
  assert.equal(message('{"a" 1}'), 'expected ":" at character 6 of JSON');
  assert.equal(message('[1 2]'), 'expected "," at character 4 of JSON');
  assert.equal(message('"a'), 'expected a string at character 1 of JSON');
  assert.equal(message('"\\x"'), 'expected a string of JSON to end at character 5 of JSON');
  assert.equal(message('[1]]'), 'expected the end at character 4 of JSON');
  assert.equal(message('['.repeat(201)), 'expected at most 200 levels at character 201 of JSON');
  assert.equal(jsonWithin('plain'), undefined);
  assert.equal(jsonWithin('[1'), undefined);
});
