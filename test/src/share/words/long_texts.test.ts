import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodedParts, encodedRuns } from '../../../../src/share/words/encoded.js';
import { wordsOf } from './tiny_words.js';

const UNITS = 20_000;
const PIECES = [
  'a-',
  'a_',
  '1-',
  '1.',
  '1:',
  '::',
  'a',
  '1',
  'aB',
  "'",
  '"',
  "'\\",
  '$',
  '/*',
  '\\n',
  '%2',
  '\u001b[1;',
  'a=b&',
  'ab.',
  'a-b.',
  'a@',
  'a by ',
  'bWFyeSBhbm4/',
  '00f067aa0ba902b7x',
  '00f067aa0ba902b7cafe',
  '123e4567-e89b-12d3-a456-426614174000',
];

test('a long text of one piece neither ends the process nor takes the square of its length', () => {
  const { words } = wordsOf(['payment', '1', 'a-a']);
  for (const piece of PIECES) {
    const long = piece.repeat(UNITS / piece.length);
    for (const text of [long, `payment${long}`, `${long}x`]) {
      assert.equal(words.name(text), words.name(text));
      assert.ok(words.url(text).length > 0 && words.operation(text).length > 0);
      assert.ok(words.text(text).length >= 6);
      assert.ok(words.statement(text).length < 40 * text.length);
    }
  }
});

test('a million letters, digits and signs of base64 without a break are looked through once', () => {
  for (const piece of ['z', 'a-', '/q', '7f']) {
    const text = `${piece.repeat(1_000_000 / piece.length)}-`;
    assert.deepEqual([encodedRuns(text), encodedParts(text)], [[], []]);
  }
});

test('a million digits and dots are looked through once for addresses of hardware', () => {
  const { words } = wordsOf([]);
  const text = '12345.'.repeat(200_000);
  assert.equal(words.text(text), text);
});

test('a million letters of known names without a break are looked through once', () => {
  const { words, notes } = wordsOf(['PaymentsEu', 'cafe']);
  const text = words.text('PaymentsEuCafeXX'.repeat(60_000));
  const [payments, cafe] = [...notes.keys()];
  assert.equal(text, `${payments}${cafe}XX`.repeat(60_000));
});

test('ids that are glued to each other by letters are looked through once', () => {
  const { words } = wordsOf([]);
  const text = words.text('deadbeefdeadbeefxyz'.repeat(20_000));
  assert.ok(text === `${words.name('deadbeefdeadbeef')}xyz`.repeat(20_000));
});

test('a long name is not looked for from its beginning at each place where a part of it begins', () => {
  const name = `${'a.'.repeat(2000)}b`;
  const { words } = wordsOf([name]);
  const text = 'a.'.repeat(5000);
  assert.equal(words.text(text), text);
  assert.equal(words.text(`${text}b`), `${'a.'.repeat(3000)}${words.name(name)}`);
});
