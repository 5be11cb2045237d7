import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { DecodeError } from '../../../../src/errors.js';
import { losses } from '../../../../src/schema/tables/losses.js';
import { readTimes } from '../../../../src/tape/parquet/read/times.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { scratch } from '../../../scratch.js';
import { bombFile } from '../../archive/bombs.js';
import { anyVisit, batchOf, EMPTY, sorted } from '../visits.js';

let files = 0;

const someVisits = fc.array(anyVisit, { minLength: 1, maxLength: 300 });

function timesIn(bytes: Uint8Array, rows: number) {
  const { first, last, sorted } = readTimes(bytes, rows);
  return { first, last, sorted };
}

test('the times of a small file', () => {
  const bytes = encodeParquet(
    batchOf([7n, 8n, 8n, 1_760_000_000_000_000_000n].map((time) => ({ ...EMPTY, time }))),
  );
  assert.deepEqual(timesIn(bytes, 4), { first: 7n, last: 1_760_000_000_000_000_000n, sorted: true });
});

test('files of the same columns have the same schema, and of others another', () => {
  const schemaOf = (bytes: Uint8Array, rows: number) =>
    Buffer.from(readTimes(bytes, rows).schema).toString('hex');
  const visits = (...times: bigint[]) => encodeParquet(batchOf(times.map((time) => ({ ...EMPTY, time }))));
  assert.equal(schemaOf(visits(1n), 1), schemaOf(visits(2n, 3n), 2));
  assert.notEqual(schemaOf(visits(1n), 1), schemaOf(bombFile(losses, { rows: 1, groups: 1 }), 1));
});

test('the times of any rows, in any order, that DuckDB wrote', async (t) => {
  const directory = scratch(t);
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  t.after(() => duckdb.closeSync());
  await fc.assert(
    fc.asyncProperty(someVisits, fc.constantFrom('time', 'time DESC', 'hash(time)'), async (rows, order) => {
      // DuckDB remembers what it read of a file of the same name.
      const [from, to] = [join(directory, `${++files}.parquet`), join(directory, `${++files}.parquet`)];
      writeFileSync(from, encodeParquet(batchOf(rows)));
      await duckdb.run(
        `COPY (FROM '${from}' ORDER BY ${order}) TO '${to}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)`,
      );
      const reader = await duckdb.runAndReadAll(`SELECT epoch_ns(time) FROM '${to}'`);
      const times = reader.getRows().map(([time]) => time as bigint);
      assert.deepEqual(timesIn(readFileSync(to), rows.length), {
        first: times[0],
        last: times.at(-1),
        sorted: times.every((time, i) => i === 0 || (times[i - 1] ?? 0n) <= time),
      });
    }),
    { numRuns: 30 },
  );
});

test('the times of any rows that ktape wrote', () => {
  fc.assert(
    fc.property(someVisits, (rows) => {
      const times = sorted(rows).map(({ time }) => time);
      assert.deepEqual(timesIn(encodeParquet(batchOf(rows)), rows.length), {
        first: times[0],
        last: times.at(-1),
        sorted: true,
      });
    }),
    { numRuns: 100 },
  );
});

test('a file of 2 kB that is billions of rows is refused before memory is taken for them', () => {
  const most = 2 ** 31 - 1;
  const bytes = bombFile(losses, { rows: most, groups: 2 });
  assert.throws(() => readTimes(bytes, 2), {
    message: '4294967294 rows told of, in groups of 4294967294; expected 2',
  });
  assert.throws(() => readTimes(bytes, 2 * most), {
    message: 'a row group of 2147483647 rows and 9 columns',
  });
});

test('a file cut anywhere is refused', () => {
  const bytes = encodeParquet(batchOf([{ ...EMPTY, time: 7n }]));
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => readTimes(bytes.subarray(0, length), 1), DecodeError, `${length} bytes`);
  }
});
