import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formsOf, identifies } from '../../../../src/share/proof/identifiers/addresses.js';
import type { IdentifierKind } from '../../../../src/share/proof/leak.js';
import { Hash, HashSet } from '../../../../src/share/proof/search/hash_set.js';
import { hiddenForms, mayHide } from '../../../../src/share/proof/search/hidden_forms.js';
import { Ids } from '../../../../src/share/proof/search/ids.js';
import { Patterns } from '../../../../src/share/proof/search/patterns.js';

test('long names are found wherever they stand, in any case, as a search one by one finds them', () => {
  const few = fc.constantFrom('a', 'b', 'A', '-', 'é');
  const name = fc.string({ unit: few, minLength: 12, maxLength: 14 });
  fc.assert(
    fc.property(
      fc.array(name, { maxLength: 8 }),
      fc.string({ unit: few, maxLength: 60 }),
      (names, around) => {
        const [first = ''] = names;
        const text = `${around}${first.toUpperCase().replaceAll('É', 'é')}${around}`;
        const there = new Set(names.map(lower).filter((each) => lower(text).includes(each)));
        assert.deepEqual(new Set(foundIn(text, names, 'name').map(lower)), there);
      },
    ),
  );
});

test('a short name is found as a word or a part in camelCase, not within another word', () => {
  const isFound = (text: string) => foundIn(text, ['cart'], 'name').length > 0;
  for (const text of ['cart', 'the Cart.', 'a_cart_b', 'newCartId', 'CART', 'HTTPCart', '/cart/7'])
    assert.ok(isFound(text), text);
  for (const text of ['carts', 'cartography', 'discart', 'Cartoon']) assert.ok(!isFound(text), text);
});

test('an address is found as a whole', () => {
  const isFound = (text: string) => foundIn(text, ['10.0.1.12', 'fd00::1'], 'address').length > 0;
  for (const text of [
    '10.0.1.12',
    'at 10.0.1.12.',
    '10.0.1.12:80',
    '::ffff:10.0.1.12',
    '[fd00::1]:443',
    'to FD00::1: no',
  ]) {
    assert.ok(isFound(text), text);
  }
  for (const text of ['110.0.1.12', '10.0.1.120', '9.10.0.1.12', '10.0.1.12.4', 'fd00::12', '2:fd00::1'])
    assert.ok(!isFound(text), text);
  assert.deepEqual(formsOf('10.0.1.12'), [
    '10.0.1.12',
    '10-0-1-12',
    '10_0_1_12',
    '10[.]0[.]1[.]12',
    '12.1.0.10.in-addr.arpa',
  ]);
});

test('addresses that are the same everywhere identify nobody, nor do blocks that tell no more than that they are private', () => {
  const texts = [
    '127.0.0.1',
    '169.254.169.254',
    '0.0.0.0/0',
    'ff02::1',
    '::1',
    '10.0.0.0/8',
    '192.168.0.0/16',
    '10.1.0.0/16',
  ];
  assert.deepEqual(texts.filter(identifies), []);
  const own = [
    '10.0.1.12',
    '10.1.2.0/24',
    '203.0.113.7',
    'fd00:1::7',
    '8.8.0.0/16',
    'fe80::a236:9fff:fe77:8899',
  ];
  assert.deepEqual(own.filter(identifies), own);
});

test('ids are found by their digits, however they are written', () => {
  const ids = new Ids();
  ids.addAll(
    'uid 0f4bba6c-9a40-4f21-9b1f-2a45a3ef1b7f, trace 5b8efff798038103d269b633813fc60c, none 0000000000000000',
  );
  const isFound = (text: string) => {
    let found = false;
    ids.search(Buffer.from(text), 0, Buffer.byteLength(text), () => {
      found = true;
    });
    return found;
  };
  const there = [
    '0f4bba6c9a404f219b1f2a45a3ef1b7f',
    'pod0F4BBA6C_9A40_4F21_9B1F_2A45A3EF1B7F.slice',
    'x5b8efff798038103d269b633813fc60c',
  ];
  for (const text of there) assert.ok(isFound(text), text);
  const absent = ['0f4bba6c-9a40-4f21-9b1f-2a45a3ef1b7e', '0000000000000000', '5b8efff798038103'];
  for (const text of absent) assert.ok(!isFound(text), text);
});

test('a hash set holds what was added and nothing else', () => {
  const text = fc.string({ maxLength: 5 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 300 }), fc.array(text, { maxLength: 50 }), (added, asked) => {
      const set = new HashSet();
      const hash = new Hash();
      const hashed = (each: string) => hash.bytes(Buffer.from(each), 0, Buffer.byteLength(each));
      for (const each of added) set.add(hashed(each));
      assert.equal(set.size, new Set(added).size);
      for (const each of [...added, ...asked]) assert.equal(set.has(hashed(each)), added.includes(each));
      const reading = new HashSet([set.handOver()]);
      for (const each of [...added, ...asked]) assert.equal(reading.has(hashed(each)), added.includes(each));
      assert.ok(added.every((each) => !set.has(hashed(each))));
    }),
  );
});

test('other forms of a text are told', () => {
  assert.deepEqual([...hiddenForms('q=%63art')], ['q=cart']);
  assert.deepEqual([...hiddenForms('{"a":"\\u0063art"}')], ['{"a":"cart"}']);
  assert.deepEqual(
    [...hiddenForms(`Basic ${Buffer.from('user:secret words').toString('base64')}`)],
    ['user:secret words'],
  );
  assert.deepEqual([...hiddenForms('newCartServiceClientFactory')], []);
  const texts = fc.string({ minLength: 9, unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(texts, (text) => {
      const hidden = `x ${Buffer.from(text).toString('base64')} y`;
      if ([...hiddenForms(hidden)].length > 0) assert.ok(mayHide(Buffer.from(hidden), 0, hidden.length));
    }),
  );
});

function foundIn(text: string, names: readonly string[], kind: IdentifierKind): string[] {
  const patterns = new Patterns();
  for (const name of names) patterns.add(name, kind);
  const found: string[] = [];
  const bytes = Buffer.from(text);
  patterns.search(bytes, 0, bytes.length, ({ original }) => found.push(original));
  return found;
}

/** ASCII letters alone: the scan compares bytes. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
