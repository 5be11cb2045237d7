import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareReportText } from '../../../src/share/report.js';
import type { ColumnCount } from '../../../src/share/rewrite/column_count.js';
import { NO_RULES } from '../../../src/share/rules.js';
import { Tally } from '../../../src/share/tally.js';

const count = (values: number, replaced: number, ...samples: string[]): ColumnCount => ({
  values,
  replaced,
  samples,
});

const REPLACED = [
  ['name', 'payment'],
  ['name', 'payment'],
  ['address', '10.1.2.3'],
  ['address', '10.1.2.4'],
  ['[password]', 'hunter2'],
  ['[jwt]', 'eyJ'],
] as const;

test('a report in 80 columns: one table, without samples, and totals', () => {
  const counts = new Map([
    [
      'spans',
      new Map([
        ['duration_ns', count(0, 0)],
        ['service_name', count(5, 5, 'bakoludemifasuro')],
        ['http_route', count(0, 0)],
        ['attributes', count(12, 3)],
      ]),
    ],
    ['packet_drops', new Map([['source_address', count(4, 4, '10.9.8.7 10.9.8.6')]])],
  ]);
  const tally = new Tally();
  for (const [kind, original] of REPLACED) tally.add(kind, original);
  assert.equal(
    shareReportText(counts, NO_RULES, tally, { width: 80, colour: false }),
    `column                       class      values  replaced
packet_drops.source_address  address         4         4
spans.service_name           pseudonym       5         5
spans.attributes             text           12         3

1 column of times, numbers and counts stays.

Replaced, each counted once, ids of spans and traces aside: 1 name, 2 addresses,
1 [jwt], 1 [password].`,
  );
});

test('a column of numbers that a rule drops is in the table, and does not stay', () => {
  const counts = new Map([['spans', new Map([['http_response_status_code', count(0, 0)]])]]);
  const rules = { ...NO_RULES, columns: new Map([['spans.http_response_status_code', 'drop' as const]]) };
  assert.equal(
    shareReportText(counts, rules, new Tally(), { width: 80, colour: false }),
    `column                           class  values  replaced
spans.http_response_status_code  drop        0         0

0 columns of times, numbers and counts stay.

Replaced, each counted once, ids of spans and traces aside: nothing.`,
  );
});

test('of very many things it is not said how many', () => {
  const [tally, other] = [new Tally(), new Tally()];
  for (let i = 0; i < 60_000; i++) tally.add('id', `${i}`);
  for (let i = 50_000; i < 100_002; i++) other.add('id', `${i}`);
  assert.deepEqual(tally.texts(), ['60,000 ids']);
  tally.addAll(other.data);
  assert.deepEqual(tally.texts(), ['more than 100,000 ids']);
});
