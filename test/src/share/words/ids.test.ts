import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Ids } from '../../../../src/share/words/ids.js';
import { KEY, wordsOf } from './tiny_words.js';

const ids = new Ids(KEY);
const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${count}}$`));

test('ids become ids of the same shape', () => {
  const shown = [
    '00f067aa0ba902b7',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '123e4567-e89b-12d3-a456-426614174000',
  ];
  assert.deepEqual(
    shown.map((id) => ids.id(id)),
    ['5cdce91e58fab63d', '2e7faf1e019ff5562ad51a1433f1e335', '0edfca47-daf4-b92c-ab0a-fec049177827'],
  );
  assert.equal(ids.id('00F067AA0BA902B7'), ids.id('00f067aa0ba902b7')?.toUpperCase());
  assert.equal(ids.id('0'.repeat(32)), '0'.repeat(32));
  for (const none of ['', '12', 'xyz', '00f067aa0ba902b', '00F067aa0ba902b7'])
    assert.equal(ids.id(none), undefined);
});

test('no two ids become one, and each is turned back', () => {
  for (const count of [16, 32, 64]) {
    const others = new Map<string, string>();
    fc.assert(
      fc.property(
        fc.oneof(
          digits(count),
          digits(8).map((end) => end.padStart(count, 'a')),
        ),
        (id) => {
          const other = ids.id(id) ?? '';
          assert.match(other, new RegExp(`^[0-9a-f]{${count}}$`));
          assert.equal(others.get(other) ?? id, id);
          assert.equal(ids.original(other), id);
          others.set(other, id);
        },
      ),
      { numRuns: 1000 },
    );
  }
});

test('both halves of a long id depend on both', () => {
  const half = 'ab'.repeat(16);
  const [a, b] = [ids.id(half + '0'.repeat(32)) ?? '', ids.id(`${half}${'0'.repeat(31)}1`) ?? ''];
  assert.notEqual(a.slice(0, 32), b.slice(0, 32));
  assert.notEqual(a.slice(32), b.slice(32));
});

test('raw bytes become what their digits become', () => {
  for (const size of [8, 16] as const) {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(digits(2 * size), fc.constant('0'.repeat(2 * size))), { maxLength: 20 }),
        (texts) => {
          const bytes = Buffer.from(texts.join(''), 'hex');
          ids.raw(bytes, size);
          assert.equal(bytes.toString('hex'), texts.map((text) => ids.id(text)).join(''));
        },
      ),
    );
  }
  const many = Buffer.from(Array.from({ length: 5000 * 8 }, (_, i) => (i * 37) >> 3));
  const each = Array.from({ length: 5000 }, (_, i) => ids.id(many.toString('hex', i * 8, i * 8 + 8)));
  ids.raw(many, 8);
  assert.equal(many.toString('hex'), each.join(''));
  assert.throws(() => ids.raw(new Uint8Array(9), 8), /9 bytes are no row of ids of 8 bytes/);
});

test('ids are found in texts and names wherever they stand as words', () => {
  const { words } = wordsOf([]);
  fc.assert(
    fc.property(fc.oneof(digits(16), digits(32), digits(64), fc.uuid()), (id) => {
      assert.equal(words.text(`trace=${id}, next`), `trace=${ids.id(id)}, next`);
      assert.equal(words.name(id), ids.id(id));
      assert.equal(words.name(`pvc-${id}`), `pvc-${ids.id(id)}`);
      assert.equal(words.url(`/api/${id}/`), `/api/${ids.id(id)}/`);
    }),
  );
});
