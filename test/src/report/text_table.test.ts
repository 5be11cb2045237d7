import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Layout, textParagraph, textTable } from '../../../src/report/text_table.js';

const plain = (width: number): Layout => ({ width, colour: false });
const lines = (...all: string[]) => all.join('\n');

test('rows stand under their names, numbers to the right', () => {
  const rows = [
    ['shop/web', '7', null],
    ['世界', '12345678901234567890', true],
  ];
  assert.equal(
    textTable(['source', 'packets', 'known'], rows, plain(80)),
    lines(
      'source                 packets  known',
      'shop/web                     7  NULL',
      '世界      12345678901234567890  true',
    ),
  );
});

test('the widest column is wrapped when the rows are too wide', () => {
  const rows = [
    ['a', 'one two three four five six seven eight'],
    ['b', 'https://example.com/a/very/long/path'],
  ];
  assert.equal(
    textTable(['id', 'text'], rows, plain(30)),
    lines(
      'id  text',
      'a   one two three four five',
      '    six seven eight',
      'b   https://example.com/a/very',
      '    /long/path',
    ),
  );
});

test('each row is a block where there is no room beside each other', () => {
  const rows = [
    ['shop/checkoutservice', 'shop/paymentservice', 'ingress is isolated by a policy'],
    ['x', 'y', 'z'],
  ];
  assert.equal(
    textTable(['source', 'destination', 'why'], rows, plain(40)),
    lines(
      'Row 1 of 2',
      '  source       shop/checkoutservice',
      '  destination  shop/paymentservice',
      '  why          ingress is isolated by a',
      '               policy',
      '',
      'Row 2 of 2',
      '  source       x',
      '  destination  y',
      '  why          z',
    ),
  );
});

test('a value can neither move the cursor nor begin a row', () => {
  const table = textTable(['a', 'b'], [['\u001b[1Ax', 'y\nz']], plain(80));
  assert.equal(table, lines('a           b', '\\u001b[1Ax  y\\nz'));
});

test('names are bold where colour is allowed', () => {
  assert.equal(textTable(['a'], [['x']], { width: 80, colour: true }), '\u001b[1ma\u001b[22m\nx');
});

test('a paragraph is broken between words', () => {
  assert.equal(textParagraph('one two three', plain(8)), 'one two\nthree');
  assert.equal(textParagraph('one two three', plain(Number.POSITIVE_INFINITY)), 'one two three');
});

test('a very long value is cut, and says so', () => {
  const table = textTable(['body'], [['x'.repeat(1_000_000)]], { width: 80, colour: false });
  const letters = table.match(/x/g)?.length;
  assert.equal(letters, 2000);
  assert.match(table.replace(/\s+/g, ' '), /… \(998000 more characters: --format json shows all\)$/);
});
