import assert from 'node:assert/strict';
import { SocketAddress } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_IP_TEXT, writeIp } from '../../../capture/probes/ip_text.js';

/** Text of an address given as eight groups of hex digits. */
function textOf(hex: string): string {
  const to = new Uint8Array(MAX_IP_TEXT + 2);
  const end = writeIp(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 0, to, 1);
  return Buffer.from(to.subarray(1, end)).toString();
}

test('addresses are written in their canonical form', () => {
  const cases: [string, string][] = [
    ['0000 0000 0000 0000 0000 ffff 0a4d 0001', '10.77.0.1'],
    ['0000 0000 0000 0000 0000 ffff ffff ffff', '255.255.255.255'],
    ['0000 0000 0000 0000 0000 ffff 0000 0000', '0.0.0.0'],
    ['0000 0000 0000 0000 0000 0000 0000 0000', '::'],
    ['0000 0000 0000 0000 0000 0000 0000 0001', '::1'],
    ['fe80 0000 0000 0000 0000 0000 0000 0000', 'fe80::'],
    ['2001 0db8 0000 0000 0001 0000 0000 0001', '2001:db8::1:0:0:1'],
    ['2001 0db8 0000 0001 0001 0001 0001 0001', '2001:db8:0:1:1:1:1:1'],
    ['2001 0000 0000 0001 0000 0000 0000 0001', '2001:0:0:1::1'],
    ['abcd ef01 2345 6789 abcd ef01 2345 6789', 'abcd:ef01:2345:6789:abcd:ef01:2345:6789'],
  ];
  for (const [hex, text] of cases) assert.equal(textOf(hex), text);
});

test('every address reads as itself by the parser of the platform', () => {
  const group = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const hex = groups.map((value) => value.toString(16).padStart(4, '0'));
      const text = textOf(hex.join(''));
      const family = text.includes(':') ? 'ipv6' : 'ipv4';
      // The platform writes some other addresses with dots, but reads them all.
      const whole = new SocketAddress({ family: 'ipv6', address: hex.join(':') }).address;
      const ours = new SocketAddress({ family, address: text }).address;
      assert.equal(family === 'ipv4' ? `::ffff:${ours}` : ours, whole);
      assert.ok(text.length <= MAX_IP_TEXT);
    }),
  );
});
