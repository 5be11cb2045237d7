import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InvalidFileError } from '../../../../src/errors.js';
import type { Table } from '../../../../src/schema/table.js';
import { tables } from '../../../../src/schema/tables/index.js';
import type { Cell } from '../../../../src/tape/columns/column.js';
import { readParquet } from '../../../../src/tape/parquet/read/read_parquet.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import type { RowBatch } from '../../../../src/tape/row_batch.js';
import { batchLike } from '../any_batch.js';
import { anyVisit, batchOf, EMPTY, sorted, visits } from '../visits.js';
import { duckdbCopies } from './duckdb_copies.js';

const manyVisits = fc.array(anyVisit, { maxLength: 300 });

function rowsOf(batch: RowBatch): Record<string, Cell>[] {
  return Array.from({ length: batch.rows }, (_, row) => batch.row(row));
}

function rowsIn(bytes: Uint8Array, table: Table = visits): Record<string, Cell>[] {
  return [...readParquet(bytes, table, 'visits.parquet')].flatMap(rowsOf);
}

test('a small file, row by row', () => {
  const bytes = encodeParquet(
    batchOf([
      { ...EMPTY, time: 7n, guest: 'ann', tags: [['table', '4']] },
      { ...EMPTY, time: 8n, big: 2n ** 64n - 1n, names: ['a', 'b'] },
    ]),
  );
  const [batch] = [...readParquet(bytes, visits, 'visits.parquet')];
  assert.equal(batch?.node, 'n1');
  assert.deepEqual(rowsOf(batch), [
    { ...EMPTY, time: 7n, guest: 'ann', tags: [['table', '4']] },
    { ...EMPTY, time: 8n, big: 18446744073709551615n, names: ['a', 'b'] },
  ]);
});

test('any rows that were encoded are read as they were', () => {
  fc.assert(
    fc.property(manyVisits, (rows) => {
      assert.deepEqual(rowsIn(encodeParquet(batchOf(rows))), sorted(rows));
    }),
    { numRuns: 100 },
  );
});

test('any rows of every table are read as they were', () => {
  fc.assert(
    fc.property(fc.array(anyVisit, { maxLength: 40 }), (rows) => {
      for (const table of tables) {
        const batch = batchLike(table, sorted(rows));
        assert.deepEqual(rowsIn(encodeParquet(batch), table), rowsOf(batch), table.name);
      }
    }),
    { numRuns: 25 },
  );
});

test('any rows that DuckDB wrote are read as they were', async (t) => {
  const { copied } = await duckdbCopies(t);
  await fc.assert(
    fc.asyncProperty(manyVisits, async (rows) => {
      const bytes = await copied(encodeParquet(batchOf(rows)));
      assert.deepEqual(rowsIn(bytes), sorted(rows));
    }),
    { numRuns: 40 },
  );
});

/** Rows of several row groups, with texts that repeat and texts that do not. */
const MANY = Array.from({ length: 150_000 }, (_, i) => ({
  ...EMPTY,
  time: BigInt(i),
  guest: i % 3 === 0 ? `guest ${i}` : 'somebody',
  small: i % 5 === 0 ? null : i,
  ratio: i / 3,
  tags: [['number', String(i % 90_000)] as const, ['kind', i % 7 === 0 ? null : 'visit'] as const],
}));

test('many rows, ours and of DuckDB: a batch for each row group', async (t) => {
  const { copied } = await duckdbCopies(t);
  const ours = encodeParquet(batchOf(MANY));
  for (const bytes of [ours, await copied(ours)]) {
    const batches = [...readParquet(bytes, visits, 'many.parquet')];
    assert.deepEqual(
      batches.map(({ rows }) => rows),
      [65_536, 65_536, 18_928],
    );
    let row = 0;
    for (const batch of batches) {
      for (let i = 0; i < batch.rows; i += 97) assert.deepEqual(batch.row(i), MANY[row + i]);
      row += batch.rows;
    }
  }
});

test('lists that many rows have are there once', () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({
    ...EMPTY,
    time: BigInt(i),
    tags: [['pod', `pod-${i % 3}`] as const],
  }));
  const [batch] = [...readParquet(encodeParquet(batchOf(rows)), visits, 'visits.parquet')];
  assert.deepEqual(batch === undefined ? [] : rowsOf(batch), rows);
  const tags = batch?.column('tags') as unknown as { keys: { length: number } };
  assert.equal(tags.keys.length, 3);
});

test('only the columns asked for', () => {
  const bytes = encodeParquet(batchOf([{ ...EMPTY, time: 7n, guest: 'ann', small: 3 }]));
  const [batch] = [...readParquet(bytes, visits, 'visits.parquet', ['guest'])];
  assert.equal(batch?.column('guest')?.value(0), 'ann');
  assert.equal(batch?.column('small')?.length, 0);
});

/** Reads all rows, or says that the file is invalid; anything else is a defect. */
function outcome(bytes: Uint8Array): 'read' | 'refused' {
  try {
    rowsIn(bytes);
    return 'read';
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    assert.match(error.message, /^visits\.parquet: ./);
    return 'refused';
  }
}

test('bytes changed anywhere: rows are read or the file is refused, nothing else', async (t) => {
  const { copied } = await duckdbCopies(t);
  const ours = encodeParquet(batchOf(fc.sample(anyVisit, { numRuns: 200, seed: 5 })));
  const counts = { read: 0, refused: 0 };
  for (const file of [ours, await copied(ours)]) {
    const change = fc.record({ at: fc.nat(file.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(file.length)),
        (changes, end) => {
          const bytes = Uint8Array.from(file);
          for (const { at, to } of changes) bytes[at] = to;
          counts[outcome(bytes.subarray(0, end ?? bytes.length))]++;
        },
      ),
      { numRuns: 700 },
    );
  }
  console.log(`    ${counts.read} files read, ${counts.refused} refused`);
  assert.ok(counts.read > 10 && counts.refused > 500);
});
