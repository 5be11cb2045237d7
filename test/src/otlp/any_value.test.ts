import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyValue } from '../../../src/otlp/any_value.js';

test('texts and letters of a tape are the values that were sent', () => {
  assert.deepEqual(anyValue('9007199254740993', 'i'), { intValue: '9007199254740993' });
  assert.deepEqual(anyValue('-0', 'd'), { doubleValue: -0 });
  assert.deepEqual(anyValue('NaN', 'd'), { doubleValue: Number.NaN });
  assert.deepEqual(anyValue('true', 'b'), { boolValue: true });
  assert.deepEqual(anyValue('AP8=', 'y'), { bytesValue: 'AP8=' });
  assert.deepEqual(anyValue(null, '-'), {});
  assert.deepEqual(anyValue('[1,1.0,{"$double":"-0"},{"$bytes":"AQ=="},null]', 'a'), {
    arrayValue: {
      values: [{ intValue: '1' }, { doubleValue: 1 }, { doubleValue: -0 }, { bytesValue: 'AQ==' }, {}],
    },
  });
  assert.deepEqual(anyValue('{"$$bytes":"\\u0022","k":[],"k":{}}', 'm'), {
    kvlistValue: {
      values: [
        { key: '$bytes', value: { stringValue: '"' } },
        { key: 'k', value: { arrayValue: { values: [] } } },
        { key: 'k', value: { kvlistValue: { values: [] } } },
      ],
    },
  });
});

test('a tape that was not written so is an error, whatever is wrong', () => {
  const wrong: [string | null, string, RegExp][] = [
    [null, 's', /a value of type "s" without text/],
    ['x', 'q', /"q" is not a letter of a value type; expected one of sbidyam-/],
    ['[1', 'a', /attribute value \[1: not JSON: at character 2: expected "," or "\]"; found the end/],
    ['[1]]', 'a', /at character 3: expected the end/],
    ['{"a"}', 'm', /at character 4: expected ":"/],
    ['["\\x"]', 'a', /the string at character 1: Bad escaped character/],
    ['[tru]', 'a', /at character 1: expected a value; found "tru\]"/],
    ['['.repeat(100_000), 'a', /JSON nested more than 100 deep at character 100/],
  ];
  for (const [text, letter, message] of wrong) {
    assert.throws(
      () => anyValue(text, letter),
      (error: Error) => {
        assert.equal(error.name, 'DecodeError');
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
