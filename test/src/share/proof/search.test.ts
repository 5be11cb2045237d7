import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formsOf, identifies } from '../../../../src/share/proof/identifiers/addresses.js';
import type { IdentifierKind } from '../../../../src/share/proof/leak.js';
import { Comparison } from '../../../../src/share/proof/search/comparison.js';
import { Hash } from '../../../../src/share/proof/search/hash.js';
import { HashSet } from '../../../../src/share/proof/search/hash_set.js';
import { Hashes } from '../../../../src/share/proof/search/hashes.js';
import { hiddenForms } from '../../../../src/share/proof/search/hidden_forms.js';
import { Ids } from '../../../../src/share/proof/search/ids.js';
import { Patterns } from '../../../../src/share/proof/search/patterns.js';
import { closeSpillFile, openSpillFile } from '../../../../src/share/proof/search/spill_file.js';
import { SpilledHashes } from '../../../../src/share/proof/search/spilled_hashes.js';
import { scratch } from '../../../scratch.js';

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

test('a name is long by its characters, not by their bytes', () => {
  const isFound = (text: string, name: string) => foundIn(text, [name], 'name').length > 0;
  assert.ok(isFound('des Bürogebäude, ihrBürogebäude', 'bürogebäude'));
  assert.ok(!isFound('des Bürogebäudes', 'bürogebäude'));
  assert.ok(isFound('der Bürogebäudeteile', 'bürogebäudeteil'));
});

test('a long name is found wherever it stands though another may be written so', () => {
  const patterns = new Patterns([
    ['shop-checkout-eu', 'name', 'shop_checkout_eu'],
    ['shop_checkout_eu', 'name', 'shop_checkout_eu'],
  ]);
  const found: string[] = [];
  const bytes = Buffer.from('xshop_checkout_eux');
  patterns.search(bytes, 0, bytes.length, ({ original }) => found.push(original));
  assert.deepEqual(found, ['shop_checkout_eu']);
});

test('a secret is found as a word if it is short, and anywhere if it is long', () => {
  const isFound = (text: string, secret: string) => foundIn(text, [secret], 'secret').length > 0;
  for (const text of ['hunter2', 'pw=hunter2;', '"HUNTER2"']) assert.ok(isFound(text, 'hunter2'), text);
  for (const text of ['hunter21', 'bhunter2', 'headhunter2x']) assert.ok(!isFound(text, 'hunter2'), text);
  assert.ok(isFound('key=x!p4ss!y', '!p4ss!'));
  assert.ok(isFound('xxcorrecthorse9yy', 'correcthorse9'));
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
  const known = new Set<string>();
  const hashesIn = (text: string) => {
    const hashes: string[] = [];
    ids.each(Buffer.from(text), 0, Buffer.byteLength(text), () => {
      if (!ids.isZero) hashes.push(`${ids.hash.a} ${ids.hash.b}`);
    });
    return hashes;
  };
  const uid = '0f4bba6c-9a40-4f21-9b1f-2a45a3ef1b7f';
  const trace = '5b8efff798038103d269b633813fc60c';
  for (const hash of hashesIn(`uid ${uid}, trace ${trace}, none 0000000000000000`)) known.add(hash);
  assert.equal(known.size, 2);
  const isFound = (text: string) => hashesIn(text).some((hash) => known.has(hash));
  const there = [
    '0f4bba6c9a404f219b1f2a45a3ef1b7f',
    'pod0F4BBA6C_9A40_4F21_9B1F_2A45A3EF1B7F.slice',
    'x5b8efff798038103d269b633813fc60c',
  ];
  for (const text of there) assert.ok(isFound(text), text);
  const absent = ['0f4bba6c-9a40-4f21-9b1f-2a45a3ef1b7e', '0000000000000000', '5b8efff798038103'];
  for (const text of absent) assert.ok(!isFound(text), text);
});

test('every id within a text is met, wherever it stands', () => {
  const digits = fc.constantFrom(16, 32, 64);
  const id = digits.chain((length) =>
    fc.string({
      unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
      minLength: length,
      maxLength: length,
    }),
  );
  const between = fc.string({
    unit: fc.constantFrom('x', ' ', '-', 'é'),
    minLength: 1,
    maxLength: 15,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(between, id), { maxLength: 5 }), between, (parts, last) => {
      const bytes = Buffer.from(parts.flat().join('') + last);
      const ids = new Ids();
      const met: string[] = [];
      ids.each(bytes, 0, bytes.length, (start, end) => met.push(bytes.toString('latin1', start, end)));
      assert.deepEqual(
        met,
        parts.map(([, text]) => text),
      );
      for (const [, text] of parts) assert.ok(ids.isId(Buffer.from(text), 0, text.length));
      assert.ok(!ids.isId(bytes, 0, bytes.length));
    }),
  );
});

test('of too many digits the first may be an id, and the last', () => {
  const met: string[] = [];
  const text =
    'x5b8efff798038103cafe 123e4567-e89b-12d3-a456-426614174000ca 5b8efff7980381035b8efff798038103';
  const bytes = Buffer.from(text);
  new Ids().each(bytes, 0, bytes.length, (start, end, isPart) =>
    met.push(text.slice(start, end) + (isPart ? ' …' : '')),
  );
  assert.deepEqual(met, [
    '5b8efff798038103 …',
    'fff798038103cafe …',
    '123e4567-e89b-12d3-a456-426614174000',
    '5b8efff7980381035b8efff798038103',
  ]);
});

test('a hash set holds what was added and nothing else', () => {
  const text = fc.string({ maxLength: 5 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 300 }), fc.array(text, { maxLength: 50 }), (added, asked) => {
      const set = new HashSet();
      set.addAll(hashesOf(added).take());
      assert.equal(set.size, new Set(added).size);
      const all = [...added, ...asked];
      const shared = new HashSet(set.shared());
      for (const each of all) assert.equal(shared.has(hashed(each)), added.includes(each));
      const found: number[] = [];
      shared.each(hashesOf(all), (number) => found.push(number));
      const expected = all.flatMap((each, i) => (added.includes(each) ? [i] : []));
      assert.deepEqual(found, expected);
    }),
  );
});

test('hashes that were spilled by several are compared', (t) => {
  const file = openSpillFile(scratch(t));
  t.after(() => closeSpillFile(file));
  // All in few parts, so that many chunks are filled.
  const spilled = (numbers: readonly number[]) => {
    const hashes = new SpilledHashes(file);
    for (const b of numbers) hashes.push(Object.assign(new Hash(), { a: (b % 2) << 24, b }));
    return hashes.handOver();
  };
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const original = [spilled(range(1, 6000)), spilled([...range(5000, 9000), ...range(1, 10)])];
  const shared = [spilled(range(20_000, 30_000)), spilled([...range(15_000, 20_000), 4242, 8999])];
  assert.ok((file.chunks[0] ?? 0) > 10);
  const first = original[0]?.length ?? 0;
  const of = (lots: typeof original, part: number) => lots.flatMap((parts) => parts[part] ?? []);
  const parts = range(0, first).map((part) => ({
    original: of(original, part),
    shared: of(shared, part),
  }));
  const { common, distinct } = new Comparison(file).compare(parts);
  assert.equal(distinct, 8999);
  assert.deepEqual([...common].sort(), [0, 4242, 1 << 24, 8999].sort());
});

test('other forms of a text are told', () => {
  assert.deepEqual(formsIn('q=%63art'), ['q=cart']);
  assert.deepEqual(formsIn('{"a":"\\u0063art"}'), ['{"a":"cart"}']);
  assert.deepEqual(formsIn(`Basic ${Buffer.from('user:secret words').toString('base64')}`), [
    'user:secret words',
  ]);
  assert.deepEqual(formsIn(`GET /users/${Buffer.from('bob of the cart').toString('base64')}/7`), [
    'bob of the cart',
  ]);
  assert.deepEqual(formsIn('newCartServiceClientFactory'), []);
});

test('what base64 within a text hides is told if nearly all of it is printable, wherever it stands', () => {
  const hidden = fc.oneof(
    fc.string({ minLength: 9, maxLength: 60, unit: 'grapheme-ascii' }),
    fc.uint8Array({ minLength: 9, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  );
  const encoding = fc.constantFrom('base64', 'base64url', 'hex', 'latin1');
  const part = fc.tuple(fc.constantFrom(' ', '.', 'é', '=='), hidden, encoding);
  const said = fc
    .array(part)
    .map((parts) => parts.map(([sign, text, as]) => sign + Buffer.from(text).toString(as)));
  fc.assert(
    fc.property(said, (parts) => {
      const text = parts.join('').replace(/[%\\]/g, '');
      const runs = (text.match(/[A-Za-z0-9+/_-]{12,}/g) ?? [])
        .flatMap((run) => (/[+/_-]/.test(run) ? [run, ...run.split(/[+/_-]/)] : [run]))
        .filter((run) => run.length >= 12 && /[a-z]/.test(run) && /[A-Z]/.test(run));
      const texts = runs.map((run) => Buffer.from(run, 'base64'));
      const isPrintable = (byte: number) => (byte >= 32 && byte !== 127) || [9, 10, 13].includes(byte);
      const told = texts.filter((bytes) => bytes.filter(isPrintable).length >= bytes.length * 0.95);
      assert.deepEqual(formsIn(text), told.map(String));
    }),
  );
});

/** The forms that are told of a text. */
function formsIn(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const traits = new Patterns([]).search(bytes, 0, bytes.length, () => undefined);
  return hiddenForms(bytes, 0, bytes.length, traits);
}

function foundIn(text: string, names: readonly string[], kind: IdentifierKind): string[] {
  const patterns = new Patterns(names.map((name) => [name, kind, name]));
  const found: string[] = [];
  const bytes = Buffer.from(text);
  patterns.search(bytes, 0, bytes.length, ({ original }) => found.push(original));
  return found;
}

/** ASCII letters alone: the scan compares bytes. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function hashed(text: string): Hash {
  return new Hash().bytes(Buffer.from(text), 0, Buffer.byteLength(text));
}

/** Each with its number. */
function hashesOf(texts: readonly string[]): Hashes {
  const hashes = new Hashes();
  for (const [i, text] of texts.entries()) hashes.push(hashed(text), i);
  return hashes;
}

test('a million letters of one case hide nothing, and are looked through once', () => {
  assert.deepEqual(formsIn('z/'.repeat(500_000)), []);
});
