import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtapeError } from '../../../../src/errors.js';
import { ShareKey } from '../../../../src/share/key.js';
import { Mint } from '../../../../src/share/words/mint.js';
import { Vocabulary } from '../../../../src/share/words/vocabulary.js';
import { KEY, wordsOf } from './tiny_words.js';

test('a key is read back from what it was written as', () => {
  const key = ShareKey.fresh();
  assert.deepEqual(ShareKey.parse(key.toText(), 'key').subKey('name'), key.subKey('name'));
  assert.notEqual(ShareKey.fresh().toText(), key.toText());
  assert.notDeepEqual(key.subKey('name'), key.subKey('id'));
});

test('what is no key is refused by name, and not shown', () => {
  assert.throws(() => ShareKey.parse('hunter2\n', 'my.key'), {
    name: 'InvalidFileError',
    message:
      'my.key: its 8 bytes are no share key; expected 64 hexadecimal digits, as `openssl rand -hex 32` makes them',
  });
});

test('another key gives other words', () => {
  const other = wordsOf([], ShareKey.fresh()).words;
  assert.notEqual(other.name('payment'), wordsOf([]).words.name('payment'));
});

test('each name is told once', () => {
  const told: string[] = [];
  const mint = new Mint(
    KEY,
    () => false,
    (word, original) => told.push(`${original} ${word}`),
  );
  for (const name of ['payment', 'cart', 'payment', '\ud800', '\ud801']) mint.word(name);
  assert.equal(told.length, 4);
  assert.equal(told[0], `payment ${mint.word('payment')}`);
});

test('a word that means something already is refused', () => {
  const word = new Mint(
    KEY,
    () => false,
    () => {},
  ).word('payment');
  assert.throws(() => wordsOf([word]).words.name('payment'), {
    name: KtapeError.name,
    message: `the pseudonym ${word} would stand for two names under this key: use another key`,
  });
});

test('a vocabulary takes no new names once pseudonyms depend on it', () => {
  const vocabulary = new Vocabulary();
  vocabulary.addAll(['payment', '', 'cart']);
  vocabulary.close();
  vocabulary.add('cart');
  assert.deepEqual([...vocabulary.words()], ['payment', 'cart']);
  assert.throws(() => vocabulary.add('shop'), /the name "shop" comes after the first pseudonyms were made/);
});
