import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gatherSegment } from '../../../../src/share/gather/gather_segment.js';
import { Gathered } from '../../../../src/share/gather/gathered.js';
import { isWord } from '../../../../src/share/gather/value_words.js';
import { attributeRule } from '../../../../src/share/objects/attribute_keys.js';
import { NO_RULES, type Rules } from '../../../../src/share/rules.js';
import { encodeParquet } from '../../../../src/tape/parquet.js';
import type { RowBatch } from '../../../../src/tape/row_batch.js';
import { observed, tinyBatches } from '../../../tiny_tape.js';
import { batchOf, EMPTY, type Visit } from '../../tape/visits.js';

const RULES: Rules = {
  ...NO_RULES,
  attributes: new Map([
    ['shelf', 'keep'],
    ['note', 'text'],
    ['url.path', 'pseudonym'],
  ]),
};

/** The words and the kept values of segments, a batch each. */
function gatheredFrom(batches: readonly RowBatch[], rules = RULES) {
  const to = new Gathered();
  for (const batch of batches) gatherSegment(encodeParquet(batch), batch.table, 'tiny.parquet', to, rules);
  return { words: new Set(to.vocabulary.words()), kept: to.kept };
}

test('names of columns, of objects, and values of attributes that may be names', () => {
  const pod = { kind: 'Pod', metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } } };
  const spans = [
    {
      time: '10:00:01',
      name: 'GET /cart',
      service_name: 'checkout',
      attributes: [
        ['customer', 'acme'],
        ['customer.number', '17'],
        ['customer.says', 'a whole sentence'],
        ['session', '0123456789abcdef'],
        ['url.path', '/cart/of-acme'],
        ['shelf', 'upper-left'],
        ['note', 'top'],
      ] as const,
      attribute_types: 'sssssss',
    },
  ];
  assert.deepEqual(
    gatheredFrom(tinyBatches({ spans, kubernetes_objects: [observed('10:00:01', 'listed', pod)] })),
    {
      words: new Set(['checkout', 'acme', 'shop', 'web-1', 'web']),
      kept: new Set(['upper-left', 'top']),
    },
  );
});

test('a value under two keys is a name if it is under one of them', () => {
  const visit = { ...EMPTY, tags: [['url.path', 'stock'] as const, ['shelf', 'lower'] as const] };
  assert.deepEqual(gatheredFrom([batchOf([visit])]).words, new Set());
  const other = { ...EMPTY, tags: [['room', 'stock'] as const, ['note', 'lower'] as const] };
  assert.deepEqual(gatheredFrom([batchOf([visit, other])]), {
    words: new Set(['stock']),
    kept: new Set(['lower']),
  });
});

const text = fc.oneof(
  fc.constantFrom(
    'acme',
    'acme two',
    'Größe',
    '支',
    '\u00a0x',
    '10.1.2.3',
    '0123456789abcdef',
    'deadbeef'.repeat(4),
  ),
  fc.stringMatching(/^[0-9a-g]{15,17}$/),
  fc
    .constantFrom('a', 'é', '-')
    .chain((one) => fc.integer({ min: 98, max: 102 }).map((times) => one.repeat(times))),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const key = fc.constantFrom('customer', 'shelf', 'note', 'url.path', 'rpc.method', 'note.more');
const tags = fc.uniqueArray(fc.tuple(key, fc.option(text)), { selector: ([one]) => one, maxLength: 6 });
const visit: fc.Arbitrary<Visit> = fc
  .record({
    guest: fc.option(text),
    tags,
    names: fc.array(fc.constantFrom('A b', 'A b/c', 'A'), { maxLength: 2 }),
  })
  .map((some) => ({ ...EMPTY, ...some }));

/** The same, row by row. */
function expectedOf(rows: readonly Visit[], { attributes }: Rules) {
  const words = new Set<string>();
  const kept = new Set<string>();
  for (const { guest, tags, names } of rows) {
    if (guest) words.add(guest);
    for (const name of names) for (const word of name.split(/[ /]/).slice(1)) words.add(word);
    for (const [one, value] of tags) {
      if (value === null) continue;
      if (['keep', 'text'].includes(attributes.get(one) ?? '')) kept.add(value);
      else if (attributeRule(one) === undefined && isWord(value)) words.add(value);
    }
  }
  return { words, kept };
}

test('of any segments the same as of their rows', () => {
  fc.assert(
    fc.property(fc.array(fc.array(visit, { minLength: 1, maxLength: 20 }), { maxLength: 3 }), (segments) => {
      for (const rules of [RULES, NO_RULES])
        assert.deepEqual(gatheredFrom(segments.map(batchOf), rules), expectedOf(segments.flat(), rules));
    }),
    { numRuns: 200 },
  );
});
