import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCidr, parseIp } from '../../../../src/policy/ip.js';
import { AddressParts } from '../../../../src/policy/verdict/address_parts.js';

function partsOf(blocks: readonly string[], addresses: readonly string[]): number[] {
  const parts = new AddressParts(blocks.flatMap((block) => parseCidr(block) ?? []));
  return addresses.map((address) => parts.partOf(parseIp(address)));
}

test('the borders of blocks part the addresses, which are numbered in their order', () => {
  const addresses = ['0.0.0.0', '9.255.255.255', '10.0.0.0', '10.127.255.255', '10.128.0.0', '11.0.0.0'];
  assert.deepEqual(partsOf(['10.0.0.0/8', '10.128.0.0/9'], addresses), [1, 1, 2, 2, 3, 4]);
});

test('a border that several blocks have is one', () => {
  assert.deepEqual(partsOf(['10.0.0.0/9', '10.128.0.0/9', '10.0.0.0/8'], ['9.0.0.0', '11.0.0.0']), [1, 4]);
});

test('a block ends with its family', () => {
  assert.deepEqual(
    partsOf(['255.255.255.255/32', '::/0'], ['255.255.255.254', '255.255.255.255', '::']),
    [1, 2, 4],
  );
});

test('families are told apart, and from them what has no address', () => {
  const none = new AddressParts([]);
  assert.deepEqual(
    [undefined, parseIp('10.0.0.1'), parseIp('2001:db8::1')].map((ip) => none.partOf(ip)),
    [0, 1, 2],
  );
  assert.equal(none.count, 3);
  assert.deepEqual(partsOf(['10.0.0.0/8', '2001:db8::/32'], ['11.0.0.0', '::', '2001:db8::1']), [3, 4, 5]);
});

test('there are as many parts as numbers', () => {
  const [v4, v6] = ['10.0.0.0/8', '2001:db8::/32'].map((block) => parseCidr(block));
  assert(v4 !== undefined && v6 !== undefined);
  const parts = new AddressParts([v4, v6]);
  const last = parts.partOf(parseIp('ffff::'));
  assert.deepEqual([last, parts.count], [6, 7]);
});
