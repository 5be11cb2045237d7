import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Cidr,
  cidrContains,
  cidrWithin,
  firstOf,
  formatIp,
  parseCidr,
  parseIp,
} from '../../../../src/policy/ip.js';
import { Addresses, type AddressMode } from '../../../../src/share/addresses/addresses.js';
import { KEPT, KEPT_AS_RANGES } from '../../../../src/share/addresses/kept_ranges.js';
import { ShareKey } from '../../../../src/share/key.js';
import { addressBytes, addressText, sharedBits } from './random_addresses.js';

const KEY = ShareKey.parse('5a'.repeat(32), 'test');
const prefix = new Addresses(KEY, 'prefix', () => {});
const opaque = new Addresses(KEY, 'opaque', () => {});
const bothFamilies = fc.constantFrom(4 as const, 16 as const);

test('one key gives these addresses', () => {
  const shown = [
    '10.0.1.12',
    '10.0.1.13',
    '10.0.2.1',
    '10.0.0.0/16',
    '8.8.8.8',
    '::ffff:10.0.1.12',
    'fd00::1',
  ];
  assert.deepEqual(
    shown.map((text) => `${text} ${prefix.text(text)} ${opaque.text(text)}`),
    [
      '10.0.1.12 10.72.157.197 117.114.4.97',
      '10.0.1.13 10.72.157.196 96.115.16.78',
      '10.0.2.1 10.72.158.156 13.58.84.95',
      '10.0.0.0/16 10.72.0.0/16 190.209.234.65/32',
      '8.8.8.8 9.122.87.214 212.114.213.72',
      '::ffff:10.0.1.12 ::ffff:10.72.157.197 ::ffff:117.114.4.97',
      'fd00::1 fca1:d9d1:955f:fd28:af7e:fad:c5ba:bda1 fee5:e193:756:2c16:7135:6095:9e6a:d065',
    ],
  );
});

test('two addresses share as many leading bits as before', () => {
  const pair = bothFamilies.chain((length) => fc.tuple(addressBytes(length), addressBytes(length)));
  fc.assert(
    fc.property(pair, ([a, b]) => {
      assert.equal(sharedBits(prefix.ip(a), prefix.ip(b)), sharedBits(a, b));
    }),
    { numRuns: 3000 },
  );
});

test('an address is in a block exactly where its other is in the other block', () => {
  const pair = bothFamilies.chain((length) =>
    fc.tuple(addressBytes(length), addressBytes(length), fc.nat(8 * length)),
  );
  let inside = 0;
  fc.assert(
    fc.property(pair, fc.boolean(), ([address, base, bits], within) => {
      const block: Cidr = { bytes: within ? address : base, prefix: bits };
      const contained = cidrContains(block, address);
      if (contained) inside++;
      assert.equal(cidrContains(prefix.cidr(block), prefix.ip(address)), contained);
    }),
    { numRuns: 2000 },
  );
  assert.ok(inside > 800, `${inside} were inside`);
});

test('a block lies in another exactly where its other lies in the other', () => {
  const blocks = bothFamilies.chain((length) =>
    fc.tuple(
      addressBytes(length),
      fc.nat(8 * length),
      fc.nat(8 * length),
      addressBytes(length),
      fc.boolean(),
    ),
  );
  fc.assert(
    fc.property(blocks, ([bytes, first, second, other, related]) => {
      const [inner, outer] = [
        { bytes, prefix: first },
        { bytes: related ? bytes : other, prefix: second },
      ];
      assert.equal(cidrWithin(prefix.cidr(inner), prefix.cidr(outer)), cidrWithin(inner, outer));
    }),
    { numRuns: 2000 },
  );
});

for (const [mode, addresses] of [
  ['prefix', prefix],
  ['opaque', opaque],
] as const satisfies readonly (readonly [AddressMode, Addresses])[]) {
  test(`${mode}: ranges that stay are themselves, and nothing else comes into them`, () => {
    fc.assert(
      fc.property(bothFamilies.chain(addressBytes), (address) => {
        const other = addresses.ip(address);
        const kept = KEPT.filter((range) => cidrContains(range, address));
        if (kept.length > 0) assert.deepEqual(other, address);
        else assert.ok(!KEPT.some((range) => cidrContains(range, other)), formatIp(other));
      }),
      { numRuns: 3000 },
    );
  });

  test(`${mode}: no two addresses become one`, () => {
    const others = new Map<string, string>();
    fc.assert(
      fc.property(addressText, (text) => {
        const other = addresses.text(text) ?? '';
        assert.equal(others.get(other) ?? text, text);
        others.set(other, text);
      }),
      { numRuns: 3000 },
    );
    assert.ok(others.size > 1500);
  });
}

test('all 65,536 addresses of a block become all those of another', () => {
  const others = new Set<string>();
  for (let i = 0; i < 65_536; i++) others.add(formatIp(prefix.ip(Uint8Array.of(10, 7, i >> 8, i & 255))));
  assert.equal(others.size, 65_536);
  const block = prefix.cidr(parsed('10.7.0.0/16'));
  assert.ok([...others].every((text) => cidrContains(block, parseIp(text) ?? assert.fail(text))));
});

test('private ranges stay private and public addresses public', () => {
  fc.assert(
    fc.property(bothFamilies.chain(addressBytes), (address) => {
      const inRange = (bytes: Uint8Array) => KEPT_AS_RANGES.map((range) => cidrContains(range, bytes));
      assert.deepEqual(inRange(prefix.ip(address)), inRange(address));
    }),
    { numRuns: 2000 },
  );
});

test('IPv6 addresses that carry IPv4 addresses go on carrying their others', () => {
  fc.assert(
    fc.property(addressBytes(4).map(formatIp), (text) => {
      for (const addresses of [prefix, opaque]) {
        assert.equal(addresses.text(`::ffff:${text}`), `::ffff:${addresses.text(text)}`);
        const translated = addresses.ip(parsedIp(`64:ff9b::${text}`));
        assert.deepEqual(translated.slice(12), addresses.ip(parsedIp(text)));
      }
    }),
  );
});

test('a block keeps its length; bits beyond it are mapped where an interface has them', () => {
  assert.match(prefix.text('10.20.0.0/14') ?? '', /^10\.\d+\.0\.0\/14$/);
  assert.equal(prefix.text('10.1.2.3/24'), `${prefix.text('10.1.2.3')}/24`);
  for (const text of [
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/8',
    '127.0.0.0/8',
    '224.0.0.0/4',
    'fe80::/10',
    'fc00::/7',
  ]) {
    assert.equal(prefix.text(text), text);
  }
});

test('an opaque block is of one address, and blocks of one first address stay apart', () => {
  const others = ['10.0.0.0', '10.0.0.0/32', '10.0.0.0/24', '10.0.0.0/16', '10.0.0.0/8'].map((text) =>
    opaque.text(text),
  );
  assert.equal(others[1], `${others[0]}/32`);
  assert.ok(others.slice(1).every((text) => text?.endsWith('/32')));
  assert.equal(new Set(others).size, 5);
  assert.equal(opaque.text('0.0.0.0/0'), '0.0.0.0/0');
});

test('what changes is told once, what stays is not', () => {
  const told: string[] = [];
  const addresses = new Addresses(KEY, 'prefix', (other, original) => told.push(`${original} ${other}`));
  for (const text of ['10.0.1.12', '10.0.1.12', '127.0.0.1', 'FE80::1', '10.0.0.0/8', 'no address'])
    addresses.text(text);
  assert.deepEqual(told, [`10.0.1.12 ${addresses.text('10.0.1.12')}`]);
});

test('another key gives other addresses', () => {
  const other = new Addresses(ShareKey.parse('5b'.repeat(32), 'test'), 'prefix', () => {});
  assert.notEqual(other.text('10.0.1.12'), prefix.text('10.0.1.12'));
});

function parsed(text: string): Cidr {
  return parseCidr(text) ?? assert.fail(text);
}

function parsedIp(text: string): Uint8Array {
  return parseIp(text) ?? assert.fail(text);
}

test('the key leads back from an address, and from a block', () => {
  const originals = Addresses.originals(KEY, 'prefix');
  fc.assert(
    fc.property(addressText, fc.nat(128), (text, bits) => {
      assert.equal(originals.text(prefix.text(text) ?? ''), text);
      const { bytes } = parsed(`${text}/0`);
      const block = { bytes: firstOf({ bytes, prefix: bits }), prefix: Math.min(bits, 8 * bytes.length) };
      assert.deepEqual(originals.cidr(prefix.cidr(block)), block);
    }),
    { numRuns: 1000 },
  );
});
