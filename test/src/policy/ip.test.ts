import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicalIp,
  cidrContains,
  cidrWithin,
  formatIp,
  parseCidr,
  parseIp,
  unmapped,
} from '../../../src/policy/ip.js';

test('canonical text: lower case, no leading zeros, the first longest run of zeros as ::', () => {
  const cases: [string, string][] = [
    ['10.1.2.3', '10.1.2.3'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['fe80::', 'fe80::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['::FFFF:A00:1', '::ffff:10.0.0.1'],
  ];
  for (const [text, expected] of cases) assert.equal(canonicalIp(text), expected, text);
});

test('what is no address is refused', () => {
  const wrong = [
    '',
    '10.1.2',
    '10.1.2.3.4',
    '010.1.2.3',
    '10.1.2.256',
    '10.1.2.3 ',
    '1:2:3',
    '1::2::3',
    ':1',
    '1:',
  ];
  for (const text of [
    ...wrong,
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '::1.2.3',
    'shop',
  ]) {
    assert.equal(parseIp(text), undefined, text);
  }
});

test('what is no block is refused', () => {
  for (const text of [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '::/129',
    'x/8',
    '10.0.0.0/8/8',
  ]) {
    assert.equal(parseCidr(text), undefined, text);
  }
});

test('a block holds addresses by its leading bits, and only of its own family', () => {
  const contains = (cidr: string, ip: string) => cidrContains(must(parseCidr(cidr)), must(parseIp(ip)));
  assert.equal(contains('10.0.0.0/8', '10.255.0.1'), true);
  assert.equal(contains('10.0.0.0/8', '11.0.0.1'), false);
  assert.equal(contains('10.1.2.3/9', '10.127.0.1'), true);
  assert.equal(contains('10.1.2.3/9', '10.128.0.1'), false);
  assert.equal(contains('0.0.0.0/0', '203.0.113.9'), true);
  assert.equal(contains('0.0.0.0/0', '::1'), false);
  assert.equal(contains('10.0.0.1/32', '10.0.0.1'), true);
  assert.equal(contains('2001:db8::/33', '2001:db8:8000::'), false);
});

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);

test('property: text and bytes of any address give each other back, and Node agrees that it is one', () => {
  fc.assert(
    fc.property(bytes, (ip) => {
      const text = formatIp(ip);
      assert.deepEqual(parseIp(text), ip);
      assert.equal(isIP(text), ip.length === 4 ? 4 : 6);
    }),
  );
});

test('property: what Node takes for an address is one, and the other way round, zones apart', () => {
  const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.]{1,20}$/));
  fc.assert(
    fc.property(text, (ip) => assert.equal(parseIp(ip) !== undefined, isIP(ip) !== 0, ip)),
    { numRuns: 1000 },
  );
});

test('property: a block holds an address exactly if their leading bits, counted one by one, are the same', () => {
  fc.assert(
    fc.property(bytes, bytes, fc.nat(128), (ip, other, length) => {
      const prefix = Math.min(length, ip.length * 8);
      const cidr = { bytes: ip, prefix };
      assert(cidrContains(cidr, ip) && cidrWithin(cidr, cidr));
      const same = ip.length === other.length && bits(ip).startsWith(bits(other).slice(0, prefix));
      assert.equal(cidrContains(cidr, other), same);
    }),
  );
});

function bits(ip: Uint8Array): string {
  return [...ip].map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

function must<T>(value: T | undefined): T {
  assert(value !== undefined);
  return value;
}

test('an IPv4 address in IPv6 is the IPv4 address; no other is', () => {
  const plain = (text: string) => formatIp(unmapped(parseIp(text) ?? new Uint8Array()));
  assert.equal(plain('::ffff:10.0.0.1'), '10.0.0.1');
  for (const other of [
    '10.0.0.1',
    '::10.0.0.1',
    '::fffe:a00:1',
    '::feff:a00:1',
    '1::ffff:a00:1',
    '::1:ffff:a00:1',
  ])
    assert.equal(plain(other), canonicalIp(other));
});
