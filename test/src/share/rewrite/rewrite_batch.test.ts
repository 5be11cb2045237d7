import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tables } from '../../../../src/schema/tables/index.js';
import { spans } from '../../../../src/schema/tables/spans.js';
import { ShareKey } from '../../../../src/share/key.js';
import { ClusterFacts } from '../../../../src/share/objects/cluster_facts.js';
import { plannedColumn } from '../../../../src/share/rewrite/plan.js';
import { Redactor } from '../../../../src/share/rewrite/redactor.js';
import { rewriteBatch } from '../../../../src/share/rewrite/rewrite_batch.js';
import { NO_RULES } from '../../../../src/share/rules.js';
import { Vocabulary, Words } from '../../../../src/share/words/words.js';
import { Uint32Column, WideColumn } from '../../../../src/tape/columns/fixed_width.js';
import { TextColumn } from '../../../../src/tape/columns/text.js';
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

function redacted(batch: RowBatch): RowBatch {
  const { table } = batch;
  const work = Object.entries(table.columns)
    .filter(([name]) => name !== 'node')
    .map(([name, column]) => {
      const count = { values: 0, replaced: 0, samples: [] };
      return [name, { ...plannedColumn(table, name, column, NO_RULES), count }] as const;
    });
  return rewriteBatch(batch, 'other', new Map(work), new Redactor(words, new ClusterFacts(), NO_RULES));
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
        assert.ok(encodeParquet(other).length > 0);
      }
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
  const batch = new RowBatch(spans, 'n1');
  const { columns } = batch;
  columns.time.appendBigint(1n);
  columns.span_id.appendString(id);
  columns.url_path.appendString('/cart/ann');
  for (const [key, , value] of attributes) {
    columns.attributes.keys.appendString(key);
    columns.attributes.values.appendString(value);
  }
  columns.attributes.endRow();
  columns.attribute_types.appendString(attributes.map(([, letter]) => letter).join(''));
  const redactor = new Redactor(words, new ClusterFacts(), NO_RULES);
  const expected = attributes.map(([key, letter, value]) => [
    redactor.attributeKey(key),
    redactor.attributeValue(key, letter, value),
  ]);
  for (const [name, { nullable }] of Object.entries(spans.columns)) {
    const column = batch.column(name);
    if (column === undefined || column.length > 0) continue;
    if (column instanceof TextColumn && !nullable) column.appendString('');
    else if (column instanceof WideColumn && !nullable) column.append(0, 0);
    else if (column instanceof Uint32Column && !nullable) column.append(0);
    else column.padTo(1);
  }
  assert.deepEqual(redacted(batch).column('attributes')?.value(0), expected);
});
