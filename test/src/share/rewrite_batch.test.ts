import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tables } from '../../../src/schema/tables/index.js';
import { ShareKey } from '../../../src/share/key.js';
import { ClusterFacts } from '../../../src/share/objects/cluster_facts.js';
import { plannedColumn } from '../../../src/share/plan.js';
import { Redactor } from '../../../src/share/redactor.js';
import { rewriteBatch } from '../../../src/share/rewrite_batch.js';
import { NO_RULES } from '../../../src/share/rules.js';
import { Vocabulary, Words } from '../../../src/share/words/words.js';
import { encodeParquet } from '../../../src/tape/parquet.js';
import type { RowBatch } from '../../../src/tape/row_batch.js';
import { batchLike } from '../tape/any_batch.js';
import { anyVisit, sorted } from '../tape/visits.js';

function redacted(batch: RowBatch): RowBatch {
  const words = new Words({
    key: ShareKey.fresh(),
    vocabulary: new Vocabulary(),
    addresses: 'prefix',
    note: () => undefined,
  });
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
