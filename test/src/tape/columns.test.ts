import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextColumn } from '../../../src/tape/columns/text.js';
import { TextPool } from '../../../src/tape/columns/text_pool.js';
import { encodeParquet } from '../../../src/tape/parquet.js';
import { RowBatch } from '../../../src/tape/row_batch.js';
import { anyVisit, append, batchOf, EMPTY, rowsOf, visits } from './visits.js';

const text = (value: string) => Buffer.from(value);

test('rows come out as they went in', () => {
  const batch = batchOf([
    {
      time: 2n,
      guest: 'Zoë',
      big: 2n ** 64n - 1n,
      lasted: -1n,
      small: -7,
      bytes: 2 ** 32 - 1,
      ratio: -0,
      paid: true,
      tags: [
        ['a', '1'],
        ['b', null],
      ],
      counts: [2n ** 64n - 1n, 0n],
      ratios: [0.5],
      names: ['x', 'y'],
    },
    EMPTY,
  ]);
  assert.deepEqual(batch.row(0), {
    time: 2n,
    guest: 'Zoë',
    big: 18446744073709551615n,
    lasted: -1n,
    small: -7,
    bytes: 4294967295,
    ratio: -0,
    paid: true,
    tags: [
      ['a', '1'],
      ['b', null],
    ],
    counts: [18446744073709551615n, 0n],
    ratios: [0.5],
    names: ['x', 'y'],
  });
  assert.deepEqual(batch.row(1), EMPTY);
  assert.deepEqual(batch.timeRange(), { first: 0n, last: 2n });
});

const someVisits = fc.array(anyVisit, { maxLength: 20 });

test('any rows, any of them taken back: what remains is what was there before', () => {
  fc.assert(
    fc.property(someVisits, someVisits, someVisits, (kept, takenBack, later) => {
      const batch = batchOf(kept);
      for (const row of takenBack) append(batch, row);
      batch.truncate(kept.length);
      for (const row of later) append(batch, row);
      assert.deepEqual(rowsOf(batch), [...kept, ...later]);
    }),
    { numRuns: 200 },
  );
});

test('a batch that was emptied holds nothing of what it held', () => {
  fc.assert(
    fc.property(someVisits, someVisits, (before, after) => {
      const batch = batchOf(before);
      batch.truncate(0);
      assert.equal(batch.bytes, 0);
      for (const row of after) append(batch, row);
      assert.deepEqual(rowsOf(batch), after);
    }),
    { numRuns: 100 },
  );
});

test('any row copied any number of times, into a batch with texts of its own', () => {
  fc.assert(
    fc.property(someVisits, anyVisit, fc.integer({ min: 0, max: 3000 }), (before, row, times) => {
      const [from, to] = [batchOf([EMPTY, row]), batchOf(before)];
      for (const name of Object.keys(from.columns)) {
        const [source, target] = [from.column(name), to.column(name)];
        if (source !== undefined) target?.appendCopies(source as never, 1, times);
      }
      assert.deepEqual(rowsOf(to), [...before, ...Array.from({ length: times }, () => row)]);
    }),
    { numRuns: 50 },
  );
});

test('a column that got no value for a row is named, and so is a NULL where there is none', () => {
  const batch = new RowBatch(visits, 'n1');
  batch.columns.time.appendBigint(1n);
  assert.throws(() => encodeParquet(batch), {
    message: 'visits.guest: 0 values for 1 rows; every row needs one',
  });
  batch.padNulls();
  assert.throws(() => encodeParquet(batch), {
    message: 'visits.tags: 0 values for 1 rows; every row needs one',
  });
  const nulls = batchOf([EMPTY]);
  nulls.columns.time.appendNull();
  append(nulls, EMPTY);
  nulls.columns.guest.truncate(2);
  assert.throws(() => encodeParquet(nulls), { message: /^visits\.time: 1 NULLs in a column that has none/ });
});

test('bytes that are not UTF-8 become U+FFFD, and it is told', () => {
  const column = new TextColumn();
  assert.equal(column.appendUtf8(text('né'), 0, 3), true);
  assert.equal(column.appendUtf8(Buffer.from([0x61, 0xff, 0x62]), 0, 3), false);
  assert.equal(
    column.appendUtf8(Buffer.concat([Buffer.alloc(100, 'x'), Buffer.from([0xc3])]), 0, 101),
    false,
  );
  assert.deepEqual(
    [column.string(0), column.string(1), column.string(2)],
    ['né', 'a�b', `${'x'.repeat(100)}�`],
  );
});

test('a text that comes again has the number that it had, however it comes', () => {
  const pool = new TextPool();
  const number = pool.internString('checkout');
  assert.equal(pool.intern(text('a checkout'), 2, 10), number);
  assert.equal(pool.internUtf8(text('checkout'), 0, 8), number);
  assert.equal(
    pool.internWritten(8, (data, at) => at + text('checkout').copy(data, at)),
    number,
  );
  assert.equal(pool.count, 1);
  assert.notEqual(pool.internString('checkou'), number);
  assert.notEqual(pool.add(text('checkout'), 0, 8), number);
});

test('texts side by side: all or, where one is not UTF-8 by itself, none', () => {
  const pool = new TextPool();
  const bytes = text('-aéb');
  assert.ok(pool.addAllUtf8(bytes, 1, Int32Array.of(1, 0, 2, 0, 0, 0, 1, 0)));
  assert.deepEqual(
    [0, 1, 2, 3].map((number) => pool.string(number)),
    ['a', 'é', '', 'b'],
  );
  assert.ok(!pool.addAllUtf8(bytes, 1, Int32Array.of(2, 0, 2, 0)));
  assert.ok(!pool.addAllUtf8(Uint8Array.of(0xff), 0, Int32Array.of(1, 0)));
  assert.equal(pool.count, 4);
});

test('any texts: each has one number, and the number gives the text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 120 }), { maxLength: 3000 }), (texts) => {
      const pool = new TextPool();
      const numbers = texts.map((each) => pool.internString(each));
      assert.deepEqual(
        numbers.map((each) => pool.string(each)),
        texts,
      );
      assert.equal(pool.count, new Set(texts).size);
    }),
    { numRuns: 20 },
  );
});

test('a lone surrogate becomes U+FFFD, however long the text is', () => {
  const pool = new TextPool();
  for (const length of [0, 10, 23, 24, 25, 200]) {
    const before = 'x'.repeat(length);
    assert.equal(pool.string(pool.addString(`${before}\ud800`)), `${before}\ufffd`);
    assert.equal(pool.string(pool.internString(`\udc00${before}é`)), `\ufffd${before}é`);
  }
});

test('texts that never repeat are not looked up for long, and are kept all the same', () => {
  const column = new TextColumn();
  const texts = Array.from({ length: 10_000 }, (_, i) => (i % 5000 === 0 ? 'again' : `unique ${i}`));
  for (const each of texts) column.appendBytes(text(each), 0, each.length);
  assert.deepEqual(
    texts.map((_, row) => column.string(row)),
    texts,
  );
});
