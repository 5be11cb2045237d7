import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIp, parseCidr } from '../../../../src/policy/ip.js';
import {
  type AddressRange,
  addressBytes,
  common,
  cutByBlocks,
  firstFree,
  joined,
  rangeOf,
  rangesText,
  rangeText,
} from '../../../../src/policy/questions/address_ranges.js';

function blocks(texts: readonly string[]) {
  return texts.flatMap((text) => parseCidr(text) ?? []);
}

function ranges(...texts: readonly string[]): AddressRange[] {
  return blocks(texts).map(rangeOf);
}

test('blocks cut all addresses into parts that none of them divides', () => {
  const parts = (family: 4 | 16, ...texts: string[]) => cutByBlocks(family, blocks(texts)).map(rangeText);
  assert.deepEqual(parts(4), ['0.0.0.0/0']);
  assert.deepEqual(parts(16, '10.0.0.0/8'), ['::/0']);
  assert.deepEqual(parts(4, '10.0.0.0/8', '10.1.0.0/16', '::/1'), [
    '0.0.0.0-9.255.255.255',
    '10.0.0.0/16',
    '10.1.0.0/16',
    '10.2.0.0-10.255.255.255',
    '11.0.0.0-255.255.255.255',
  ]);
  assert.deepEqual(parts(4, '0.0.0.0/1', '255.255.255.255/32'), [
    '0.0.0.0/1',
    '128.0.0.0-255.255.255.254',
    '255.255.255.255/32',
  ]);
});

test('a block begins where its prefix says, whatever bits follow', () => {
  assert.deepEqual(ranges('10.1.2.3/8').map(rangeText), ['10.0.0.0/8']);
  assert.deepEqual(ranges('2001:db8::7/32').map(rangeText), ['2001:db8::/32']);
});

test('the bytes of a number', () => {
  assert.equal(formatIp(addressBytes(4, 0x0a010203n)), '10.1.2.3');
  assert.equal(formatIp(addressBytes(16, 1n)), '::1');
});

test('ranges are joined where they touch or overlap, each family for itself', () => {
  const joinedTexts = (...texts: string[]) => joined(ranges(...texts)).map(rangeText);
  assert.deepEqual(joinedTexts('10.1.0.0/16', '10.0.0.0/16'), ['10.0.0.0/15']);
  assert.deepEqual(joinedTexts('10.0.0.0/8', '10.1.0.0/16'), ['10.0.0.0/8']);
  assert.deepEqual(joinedTexts('10.2.0.0/16', '10.0.0.0/16'), ['10.0.0.0/16', '10.2.0.0/16']);
  assert.deepEqual(joinedTexts('::/0', '0.0.0.0/0'), ['0.0.0.0/0', '::/0']);
});

test('what is in both lists', () => {
  const both = (a: string[], b: string[]) => common(ranges(...a), ranges(...b)).map(rangeText);
  assert.deepEqual(both(['10.0.0.0/8'], ['10.1.0.0/16', '11.0.0.0/8']), ['10.1.0.0/16']);
  assert.deepEqual(both(['10.1.0.0/16'], ['10.0.0.0/8']), ['10.1.0.0/16']);
  assert.deepEqual(both(['10.0.0.0/8'], ['10.1.1.1/32']), ['10.1.1.1/32']);
  assert.deepEqual(both(['0.0.0.0/0'], ['::/0']), []);
});

test('ranges in words: listed, or by what they lack, whichever is shorter', () => {
  const outside = (...cut: string[]) => {
    const parts = cutByBlocks(4, blocks(cut));
    const inner = ranges(...cut);
    return rangesText(parts.filter((part) => common([part], inner).length === 0));
  };
  assert.equal(outside(), '0.0.0.0/0');
  assert.equal(outside('10.0.0.0/8'), '0.0.0.0/0 except 10.0.0.0/8');
  assert.equal(outside('10.0.0.7/32'), '0.0.0.0/0 except 10.0.0.7/32');
  assert.equal(outside('0.0.0.0/8'), '1.0.0.0-255.255.255.255');
  assert.equal(outside('255.255.255.0/24'), '0.0.0.0-255.255.254.255');
  assert.equal(outside('0.0.0.0/1'), '128.0.0.0/1');
  assert.equal(rangesText(ranges('10.0.0.0/8', '192.168.0.0/16')), '10.0.0.0/8, 192.168.0.0/16');
  assert.equal(rangesText(ranges('0.0.0.0/0', '::/0')), '0.0.0.0/0, ::/0');
});

test('the first address of a range that nobody has', () => {
  const free = (block: string, ...taken: string[]) =>
    ranges(block).map((range) => {
      const ip = firstFree(range, (address) => taken.includes(address));
      return ip && formatIp(ip);
    });
  assert.deepEqual(free('10.0.0.0/8'), ['10.0.0.0']);
  assert.deepEqual(free('10.0.0.0/30', '10.0.0.0', '10.0.0.1', '10.0.0.3'), ['10.0.0.2']);
  assert.deepEqual(free('2001:db8::/127', '2001:db8::'), ['2001:db8::1']);
  assert.deepEqual(free('10.0.0.0/31', '10.0.0.0', '10.0.0.1'), [undefined]);
});
