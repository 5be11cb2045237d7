import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../tiny_tape.js';

const cellFor = async (expression: string) => (await rowsOf({}, `SELECT ${expression}`))[0]?.[0];

for (const [expression, cell] of [
  ['9223372036854775807', '9223372036854775807'],
  ['(-9223372036854775808)::BIGINT', '-9223372036854775808'],
  ['18446744073709551615::UBIGINT', '18446744073709551615'],
  ['9007199254740993::HUGEINT', '9007199254740993'],
  ['2147483647::INTEGER', 2147483647],
  ['4294967295::UINTEGER', 4294967295],
  ['1.10::DECIMAL(9, 2)', '1.10'],
  ['0.1::DOUBLE', 0.1],
  ["'nan'::DOUBLE", 'NaN'],
  ["'-inf'::DOUBLE", '-Infinity'],
  ['NULL', null],
  ['true', true],
  ["'é\n'", 'é\n'],
  ["TIMESTAMP_NS '2026-11-22 10:15:30.123456789'", '2026-11-22T10:15:30.123456789Z'],
  ["TIMESTAMP '1969-12-31 23:59:59.999999'", '1969-12-31T23:59:59.999999000Z'],
  ["'infinity'::TIMESTAMP", 'infinity'],
  ["DATE '2026-11-22'", '2026-11-22'],
  ["INTERVAL '90 seconds'", '00:01:30'],
  ["'a\\x00'::BLOB", 'a\\x00'],
  ['[1::BIGINT, NULL]', ['1', null]],
  ["{'a': 1, 'b': [2]}", { a: 1, b: [2] }],
  ["MAP {'a': 'x'}", { a: 'x' }],
  ['MAP {1: true}', { 1: true }],
] as const) {
  test(`${expression} is ${JSON.stringify(cell)}`, async () =>
    assert.deepEqual(await cellFor(expression), cell));
}

test('attributes keep a key that was sent twice', async () => {
  const attributes = [
    ['k', 'first'],
    ['k', 'second'],
  ] as const;
  const rows = await rowsOf(
    { spans: [{ time: '10:00:00', attributes }] },
    "SELECT attributes, attributes['k'] FROM spans",
  );
  assert.deepEqual(rows, [
    [
      [
        ['k', 'first'],
        ['k', 'second'],
      ],
      'first',
    ],
  ]);
});
