import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tables } from '../../../../src/schema/tables/index.js';
import { spans } from '../../../../src/schema/tables/spans.js';
import { ShareKey } from '../../../../src/share/key.js';
import { ClusterFacts } from '../../../../src/share/objects/cluster_facts.js';
import { plannedColumn } from '../../../../src/share/rewrite/plan.js';
import { Redactor } from '../../../../src/share/rewrite/redactor.js';
import { ColumnRewriter } from '../../../../src/share/rewrite/rewrite_column.js';
import { NO_RULES } from '../../../../src/share/rules.js';
import { Vocabulary, Words } from '../../../../src/share/words/words.js';
import { Uint32Column, WideColumn } from '../../../../src/tape/columns/fixed_width.js';
import { TextColumn } from '../../../../src/tape/columns/text.js';
import { readParquet } from '../../../../src/tape/parquet/read/read_parquet.js';
import { rewriteParquet } from '../../../../src/tape/parquet/rewrite_file.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import { RowBatch } from '../../../../src/tape/row_batch.js';
import { batchLike } from '../../tape/any_batch.js';
import { anyVisit, sorted } from '../../tape/visits.js';

const words = new Words({
  key: ShareKey.fresh(),
  vocabulary: new Vocabulary(),
  addresses: 'prefix',
  note: () => undefined,
});

/** The rows, written, rewritten, and read again. */
function redacted(batch: RowBatch, rules = NO_RULES): RowBatch {
  const { table } = batch;
  const work = Object.entries(table.columns).map(([name, column]) => {
    const count = { values: 0, replaced: 0, samples: [] };
    return [name, { ...plannedColumn(table, name, column, rules), count }] as const;
  });
  const redactor = new Redactor(words, new ClusterFacts(), rules);
  const rewriter = new ColumnRewriter(table, new Map(work), redactor);
  const bytes = rewriteParquet(encodeParquet(batch), table, 'a.parquet', rewriter.rewritten);
  const [first] = [...readParquet(bytes, table, 'b.parquet')];
  return first ?? new RowBatch(table, 'none');
}

test('any rows of every table: as many, NULL where they were, and every value that is no text', () => {
  fc.assert(
    fc.property(fc.array(anyVisit, { minLength: 1, maxLength: 30 }), (rows) => {
      for (const table of tables) {
        const batch = batchLike(table, sorted(rows));
        const other = redacted(batch);
        assert.equal(other.rows, batch.rows);
        for (const [name, { type }] of Object.entries(table.columns)) {
          const [before, after] = [batch.column(name), other.column(name)];
          for (let row = 0; row < batch.rows; row++) {
            const [one, two] = [before?.value(row) ?? null, after?.value(row) ?? null];
            assert.equal(one === null, two === null, `${table.name}.${name}`);
            if (Array.isArray(one) && Array.isArray(two)) assert.equal(two.length, one.length);
            else if (!type.physical.startsWith('text')) assert.deepEqual(two, one);
          }
        }
      }
    }),
    { numRuns: 30 },
  );
});

/** Spans of one row for each list of attributes, each a key, the letter of its type, and a value. */
function spansWith(rows: readonly (readonly (readonly [string, string, string])[])[]): RowBatch {
  const batch = new RowBatch(spans, 'n1');
  const { columns } = batch;
  for (const [row, attributes] of rows.entries()) {
    columns.time.appendBigint(BigInt(row));
    for (const [key, , value] of attributes) {
      columns.attributes.keys.appendString(key);
      columns.attributes.values.appendString(value);
    }
    columns.attributes.endRow();
    columns.attribute_types.appendString(attributes.map(([, letter]) => letter).join(''));
  }
  return filled(batch, rows.length);
}

/** The batch, with nothing in those columns that have no row yet. */
function filled(batch: RowBatch, rows: number): RowBatch {
  for (const [name, { nullable }] of Object.entries(batch.table.columns)) {
    const column = batch.column(name);
    while (column !== undefined && column.length < rows) {
      if (column instanceof TextColumn && !nullable) column.appendString('');
      else if (column instanceof WideColumn && !nullable) column.append(0, 0);
      else if (column instanceof Uint32Column && !nullable) column.append(0);
      else column.padTo(rows);
    }
  }
  return batch;
}

test('a column of ids of any sizes, and of texts that are none: each as it is by itself', () => {
  const some = fc.constantFrom(
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '0af7651916cd43dd8448eb211c80319c',
    '00f067aa0ba902b7',
    '00F067AA0BA902B7',
    '0'.repeat(32),
    'none',
    '',
  );
  const redactor = new Redactor(words, new ClusterFacts(), NO_RULES);
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 40 }), (texts) => {
      const batch = new RowBatch(spans, 'n1');
      for (const text of texts) batch.columns.trace_id.appendString(text);
      const column = redacted(filled(batch, texts.length)).column('trace_id');
      for (const [row, text] of texts.entries()) assert.equal(column?.value(row), redactor.changes.id(text));
    }),
    { numRuns: 30 },
  );
});

test('attributes that are ids, and those that a column has too: each as it is by itself', () => {
  const id = '0af7651916cd43dd';
  const attributes: [key: string, letter: string, value: string][] = [
    ['session.id', 's', id],
    ['order', 's', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['user.id', 's', '1234567890123456'],
    ['db.password', 's', id],
    ['cookie', 's', id],
    ['body', 'y', id],
    ['url.path', 's', '/cart/ann'],
    ['rpc.service', 's', 'shop.Cart'],
    ['count', 'i', '1234567890123456'],
    ['guest', 's', '/cart/ann'],
  ];
  const redactor = new Redactor(words, new ClusterFacts(), NO_RULES);
  const expected = attributes.map(([key, letter, value]) => [
    redactor.attributeKey(key),
    redactor.attributeValue(key, letter, value),
  ]);
  assert.deepEqual(
    redacted(spansWith([attributes]))
      .column('attributes')
      ?.value(0),
    expected,
  );
});

test('the same text under several keys and types, in many rows: each by its own', () => {
  const rows = Array.from({ length: 600 }, (_, row) => [
    ['http.route', 's', `/shop/${row % 7}`] as const,
    ['db.statement', 's', `/shop/${row % 5}`] as const,
    ['note', 's', `see /shop/${row % 3}`] as const,
    ['count', row % 2 === 0 ? 'i' : 's', '1234567890123456'] as const,
  ]);
  const redactor = new Redactor(words, new ClusterFacts(), NO_RULES);
  const attributes = redacted(spansWith(rows)).column('attributes');
  for (const [row, given] of rows.entries()) {
    assert.deepEqual(
      attributes?.value(row),
      given.map(([key, letter, value]) => [
        redactor.attributeKey(key),
        redactor.attributeValue(key, letter, value),
      ]),
    );
  }
});

test('any values under any keys, of any types, of which the rules drop some: each as it is by itself', () => {
  const attribute = fc.tuple(
    fc.constantFrom('count', 'user.id', 'db.password', 'session.id', 'http.route', 'note', 'left.out'),
    fc.constantFrom('s', 'i', 'd', 'b', '-'),
    fc.constantFrom(
      ...['', '-', '0', '42', '-7', '4.5', '1e15', '12345678901', '-12345678901', '4111111111111111'],
      ...['true', 'ann', '/cart/ann', '0af7651916cd43dd', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ),
  );
  const rules = { ...NO_RULES, attributes: new Map([['left.out', 'drop' as const]]) };
  const redactor = new Redactor(words, new ClusterFacts(), rules);
  fc.assert(
    fc.property(fc.array(fc.array(attribute, { maxLength: 5 }), { minLength: 1, maxLength: 40 }), (rows) => {
      const attributes = redacted(spansWith(rows), rules).column('attributes');
      for (const [row, given] of rows.entries()) {
        const expected = given.map(([key, letter, value]) => [
          redactor.attributeKey(key),
          redactor.isDropped(key) ? null : redactor.attributeValue(key, letter, value),
        ]);
        assert.deepEqual(attributes?.value(row), expected);
      }
    }),
  );
});

test('attributes that the rules drop: their values are NULL, and of no type', () => {
  const rows = [
    [['user.id', 's', 'ann'] as const, ['http.route', 's', '/'] as const],
    [['http.route', 's', '/'] as const],
  ];
  const rules = { ...NO_RULES, attributes: new Map([['user.id', 'drop' as const]]) };
  const batch = redacted(spansWith(rows), rules);
  const cells = ['attributes', 'attribute_types'].map((name) => batch.column(name));
  assert.deepEqual(
    cells.map((column) => [column?.value(0), column?.value(1)]),
    [
      [
        [
          ['user.id', null],
          ['http.route', '/'],
        ],
        [['http.route', '/']],
      ],
      ['-s', 's'],
    ],
  );
});
