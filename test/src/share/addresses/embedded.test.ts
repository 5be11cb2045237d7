import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatIp } from '../../../../src/policy/ip.js';
import { Addresses } from '../../../../src/share/addresses/addresses.js';
import { EmbeddedAddresses } from '../../../../src/share/addresses/embedded.js';
import { ShareKey } from '../../../../src/share/key.js';
import { addressBytes } from './random_addresses.js';

const addresses = new Addresses(ShareKey.parse('5a'.repeat(32), 'test'), 'prefix', () => {});
const noted = new Map<string, string>();
const embedded = new EmbeddedAddresses(addresses, (instead, original) => noted.set(instead, original));

/** What stands in the place of a text that is an address from its first character on, and what is left of it. */
function replaced(text: string): [instead: string, rest: string] | undefined {
  const found = embedded.at(text, 0);
  return found && [found.instead, text.slice(found.end)];
}

const other = (text: string) => addresses.text(text) ?? assert.fail(text);

test('each way to write an IPv4 address holds the same other address', () => {
  fc.assert(
    fc.property(addressBytes(4).map(formatIp), (text) => {
      const reversed = (address: string) => address.split('.').reverse().join('.');
      const dashed = (address: string) => address.replaceAll('.', '-');
      const hexadecimal = (address: string) =>
        `ip-${Buffer.from(address.split('.').map(Number)).toString('hex')}`;
      assert.deepEqual(replaced(`${text}:443`), [other(text), ':443']);
      assert.deepEqual(replaced(`${text}.`), [other(text), '.']);
      assert.deepEqual(replaced(`${text}.443 > `), [other(text), '.443 > ']);
      assert.deepEqual(replaced(`${text}/24 `), [other(`${text}/24`), ' ']);
      assert.deepEqual(replaced(`${dashed(text)}.shop.pod`), [dashed(other(text)), '.shop.pod']);
      assert.deepEqual(replaced(`${reversed(text)}.in-addr.arpa.`), [
        reversed(other(text)),
        '.in-addr.arpa.',
      ]);
      assert.deepEqual(replaced(`${hexadecimal(text)}.`), [hexadecimal(other(text)), '.']);
    }),
  );
});

test('what follows a slash and is no length of a prefix stays', () => {
  for (const rest of ['/33', '/99', '/8080', '/024', '/24/x', '/24x']) {
    assert.deepEqual(replaced(`10.0.1.12${rest}`), [other('10.0.1.12'), rest]);
  }
});

test('each way to write an IPv6 address holds the same other address', () => {
  fc.assert(
    fc.property(addressBytes(16), (bytes) => {
      const text = formatIp(bytes);
      const nibbles = (address: Uint8Array) => [...Buffer.from(address).toString('hex')].reverse().join('.');
      assert.deepEqual(replaced(`${text}]:443`), [other(text), ']:443']);
      assert.deepEqual(replaced(`${text}: refused`), [other(text), ': refused']);
      assert.deepEqual(replaced(`${text}/64,`), [other(`${text}/64`), ',']);
      assert.deepEqual(replaced(`${nibbles(bytes)}.ip6.arpa`), [nibbles(addresses.ip(bytes)), '.ip6.arpa']);
      if (!text.includes('.')) {
        const pod = replaced(`${text.replaceAll(':', '-')}.shop.pod.cluster.local`);
        assert.deepEqual(pod, [other(text).replaceAll(':', '-'), '.shop.pod.cluster.local']);
      }
    }),
  );
});

test('hardware addresses become others, those of groups stay', () => {
  const others = new Map<string, string>();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 }), (bytes) => {
      const text = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
      const [instead = '', rest] = replaced(`${text}, up`) ?? [];
      assert.match(instead, /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/);
      assert.equal(rest, ', up');
      assert.equal(others.get(instead) ?? text, text);
      others.set(instead, text);
      const isGroup = ((bytes[0] ?? 0) & 1) === 1 || !bytes.some(Boolean);
      assert.equal(instead === text, isGroup);
    }),
    { numRuns: 1000 },
  );
  assert.equal(replaced('A0:36:9F:11:22:33')?.[0], replaced('a0:36:9f:11:22:33')?.[0]?.toUpperCase());
});

test('a hardware address is the same other however it is written, in link-local addresses too', () => {
  const mac = replaced('a0:36:9f:77:88:99')?.[0] ?? '';
  assert.deepEqual(replaced('a0-36-9f-77-88-99 up'), [mac.replaceAll(':', '-'), ' up']);
  assert.deepEqual(replaced('a036.9f77.8899.'), [mac.replaceAll(':', '').replace(/....(?!$)/g, '$&.'), '.']);
  const [first = 0, ...rest] = mac.split(':').map((digits) => Number.parseInt(digits, 16));
  const bytes = Uint8Array.of(
    0xfe,
    0x80,
    0,
    0,
    0,
    0,
    0,
    0,
    first ^ 2,
    ...rest.slice(0, 2),
    0xff,
    0xfe,
    ...rest.slice(2),
  );
  assert.deepEqual(replaced('fe80::a236:9fff:fe77:8899/64'), [`${formatIp(bytes)}/64`, '']);
  assert.equal(other('fe80::1'), 'fe80::1');
});

test('underscores and brackets between octets hide no address', () => {
  assert.deepEqual(replaced('203_0_113_79 '), [other('203.0.113.79').replaceAll('.', '_'), ' ']);
  assert.deepEqual(replaced('203[.]0[.]113[.]80:'), [other('203.0.113.80').replaceAll('.', '[.]'), ':']);
});

test('a reverse zone is the zone of the other network', () => {
  assert.deepEqual(replaced('1.0.10.in-addr.arpa'), [
    other('10.0.1.0').split('.').slice(0, 3).reverse().join('.'),
    '.in-addr.arpa',
  ]);
});

test('what is none is left alone', () => {
  const none = [
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.3.6.1.4.1.2021',
    '12:34:56',
    '12:34:56.789',
    'aa:bb:cc:dd:ee',
    'aa:bb:cc:dd:ee:ff:00',
    '1-2-3',
    '2024-01-02-03',
    '10-0-1-12-7',
    'dead-beef-0-1',
    'ip-10',
    'abs::value',
    '1_2_3',
    '2024.1201.0815',
  ];
  for (const text of none) assert.equal(replaced(text), undefined, text);
});

test('what is not written as an address usually is, is told as it stands', () => {
  noted.clear();
  replaced('10-0-1-12.shop');
  assert.deepEqual([...noted], [[other('10.0.1.12').replaceAll('.', '-'), '10-0-1-12']]);
});
