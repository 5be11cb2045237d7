import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../tiny_tape.js';

const T = "TIMESTAMP_NS '2026-11-22 10:00:00.000000001'";

for (const [expression, value] of [
  ["ns(INTERVAL '30 seconds')", '30000000000'],
  [`ns_between(${T}, TIMESTAMP_NS '2026-11-22 10:00:00.000000009')`, '8'],
  [`add_ns(${T}, 1)`, '2026-11-22T10:00:00.000000002Z'],
  [`add_ns(${T}, -ns(INTERVAL '1 second'))`, '2026-11-22T09:59:59.000000001Z'],
  [`bucket_ns(${T}, 1000000000)`, '2026-11-22T10:00:00.000000000Z'],
  ["counted(1, 'row')", '1 row'],
  ["counted(0, 'row')", '0 rows'],
  ["ip_in('10.1.2.3', '10.0.0.0/8')", true],
  ["ip_in('11.1.2.3', '10.0.0.0/8')", false],
  ["ip_in('2001:db8::1', '2001:db8::/32')", true],
  ["ip_in('10.1.2.3', '::/0')", false],
  ["ip_in('10.1.2.3', 'everything')", null],
  ["ip_in(NULL, '10.0.0.0/8')", null],
] as const) {
  test(`${expression} is ${value}`, async () =>
    assert.deepEqual(await rowsOf({}, `SELECT ${expression}`), [[value]]));
}

test('ip_in answers for every row', async () => {
  const rows = await rowsOf(
    {},
    "SELECT count(*) FROM range(10000) t(i) WHERE ip_in('10.0.' || i % 256 || '.1', '10.0.7.0/24')",
  );
  assert.deepEqual(rows, [['40']]);
});
