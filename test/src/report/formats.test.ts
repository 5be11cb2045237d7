import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../../src/query/cell.js';
import { csvLine } from '../../../src/report/csv.js';
import { durationText } from '../../../src/report/duration.js';
import { FORMATS } from '../../../src/report/output.js';
import { renderAnswer } from '../../../src/report/render_answer.js';
import { rowsAnswer } from '../../../src/report/rows_answer.js';

test('csv: RFC 4180, with NULL told from an empty text', () => {
  assert.equal(
    csvLine(['plain', 'a,b', 'say "x"', '', null, 1.5, true, ['a', null], { k: 'v' }]),
    'plain,"a,b","say ""x""","",,1.5,true,"[""a"",null]","{""k"":""v""}"\r\n',
  );
  assert.equal(csvLine(['\u001b[2J', 'a\nb']), '\\u001b[2J,a\\nb\r\n');
});

for (const [ns, text] of [
  [0n, '0 ns'],
  [999n, '999 ns'],
  [1_500n, '1.500 µs'],
  [-1_250_000n, '-1.250 ms'],
  [3_002_999_999n, '3.002 s'],
  [9_223_372_036_854_775_807n, '9223372036.854 s'],
] as const) {
  test(`${ns} nanoseconds are ${text}`, () => assert.equal(durationText(ns), text));
}

async function rendered(
  format: (typeof FORMATS)[number],
  rows: readonly (readonly Cell[])[],
): Promise<string> {
  let text = '';
  const stdout = {
    write: async (chunk: string) => {
      text += chunk;
    },
  };
  const layout = { width: 80, colour: false };
  await renderAnswer(rowsAnswer(['id', 'text'], rows), format, { stdout, layout });
  return text;
}

test('an answer in each format', async () => {
  const rows = [
    ['18446744073709551615', 'a\u001b'],
    ['2', null],
  ];
  const texts = Object.fromEntries(
    await Promise.all(FORMATS.map(async (one) => [one, await rendered(one, rows)])),
  );
  assert.deepEqual(texts, {
    table: '                  id  text\n18446744073709551615  a\\u001b\n                   2  NULL\n',
    json: '[\n{"id":"18446744073709551615","text":"a\\u001b"},\n{"id":"2","text":null}\n]\n',
    ndjson: '{"id":"18446744073709551615","text":"a\\u001b"}\n{"id":"2","text":null}\n',
    csv: 'id,text\r\n18446744073709551615,a\\u001b\r\n2,\r\n',
  });
});

test('an empty answer in each format', async () => {
  const texts = Object.fromEntries(
    await Promise.all(FORMATS.map(async (one) => [one, await rendered(one, [])])),
  );
  assert.deepEqual(texts, { table: 'id  text\n', json: '[]\n', ndjson: '', csv: 'id,text\r\n' });
});
