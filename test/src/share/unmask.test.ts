import assert from 'node:assert/strict';
import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { formatIp } from '../../../src/policy/ip.js';
import { Addresses, type AddressMode } from '../../../src/share/addresses/addresses.js';
import { PrivateMap, writeMap } from '../../../src/share/map_file.js';
import { Notes, NotesWriter } from '../../../src/share/notes.js';
import { unmasked, unmaskedParts } from '../../../src/share/unmask.js';
import { Vocabulary, Words } from '../../../src/share/words/words.js';
import { scratch } from '../../scratch.js';
import { runCaptured } from '../cli/captured_terminal.js';
import { addressBytes } from './addresses/random_addresses.js';
import { KEY } from './words/tiny_words.js';

const MAP = new Map([
  ['bakoludemifasuro', 'payment'],
  ['xexirufofamipavo', 'shop'],
  ['10.80.1.2', '10.0.0.7'],
  ['10.80.0.0/16', '10.0.0.0/16'],
  ['fd00:1::', 'fd12:7::'],
  ['fd00:1::5', 'fd12:7::9'],
  ['a2:0b:11:22:33:44', '0c:de:ad:be:ef:01'],
  ['27ba95431fd31214', 'a1a1a1a1a1a1a1a1'],
  ['9b2f5c1e-77aa-4c11-8d3e-0123456789ab', '11111111-2222-4333-8444-555555555555'],
  ['http-gacofideku', 'http-payments'],
  ['gacofid_hobimod', 'ledger_metrics'],
  ['gacofid.hobimod-', 'größe'],
  ['cidr:fd00-1--/32', 'cidr:fd12-7--/32'],
  ['40938475628374655', '4711'],
  ['1234567890123456.0', '4.7e5'],
]);
const LOOKED_UP = {
  originals: (words: ReadonlySet<string>) => new Map([...MAP].filter(([word]) => words.has(word))),
  addresses: Addresses.originals(KEY, 'opaque'),
};

const CASES: readonly (readonly [string, string])[] = [
  ['bakoludemifasuro is slow', 'payment is slow'],
  ['Bakoludemifasuro is slow, BAKOLUDEMIFASURO!', 'payment is slow, payment!'],
  ['bakoludemifasuro-7d9f.xexirufofamipavo.svc:8080', 'payment-7d9f.shop.svc:8080'],
  ['bakoludemifasuroService, getBakoludemifasuro2', 'paymentService, getpayment2'],
  ['bakoludemifasuroxexirufofamipavo', 'paymentshop'],
  [String.raw`"a\nbakoludemifasuro\u0026xexirufofamipavo"`, String.raw`"a\npayment\u0026shop"`],
  [String.raw`\n27ba95431fd31214 \n10.80.1.2`, String.raw`\na1a1a1a1a1a1a1a1 \n10.0.0.7`],
  ['from 10.80.1.2:443, not 10.80.1.23', 'from 10.0.0.7:443, not 10.80.1.23'],
  ['allow 10.80.0.0/16.', 'allow 10.0.0.0/16.'],
  ['fd00:1::5 and fd00:1:: and [fd00:1::5]:80', 'fd12:7::9 and fd12:7:: and [fd12:7::9]:80'],
  ['ff02:0:0:fd00:1::5', 'ff02:0:0:fd00:1::5'],
  ['FD00:1::5 at A2:0B:11:22:33:44', 'fd12:7::9 at 0c:de:ad:be:ef:01'],
  ['span=27ba95431fd31214,', 'span=a1a1a1a1a1a1a1a1,'],
  [
    'x27ba95431fd31214ms 0x27BA95431FD31214 uid9b2f5c1e-77aa-4c11-8d3e-0123456789abx',
    'xa1a1a1a1a1a1a1a1ms 0xa1a1a1a1a1a1a1a1 uid11111111-2222-4333-8444-555555555555x',
  ],
  ['bakoludemifasuro27ba95431fd31214Xexirufofamipavo', 'paymenta1a1a1a1a1a1a1a1shop'],
  [
    '/kubepods-pod9b2f5c1e_77aa_4c11_8d3e_0123456789ab.slice/pod9b2f5c1e-77aa-4c11-8d3e-0123456789ab',
    '/kubepods-pod11111111_2222_4333_8444_555555555555.slice/pod11111111-2222-4333-8444-555555555555',
  ],
  [
    'port http-gacofideku, _http-gacofideku._tcp.bakoludemifasuro, Http-gacofideku:8080',
    'port http-payments, _http-payments._tcp.payment, http-payments:8080',
  ],
  [String.raw`"\nhttp-gacofideku" app=gacofid_hobimod.`, String.raw`"\nhttp-payments" app=ledger_metrics.`],
  ['app=gacofid.hobimod-, gacofid.hobimod', 'app=größe, gacofid.hobimod'],
  ['http-gacofidekux xhttp-gacofideku gacofideku', 'http-gacofidekux xhttp-gacofideku gacofideku'],
  ['from cidr:fd00-1--/32 to cidr:10.80.0.0/16', 'from cidr:fd12-7--/32 to cidr:10.0.0.0/16'],
  ['user 40938475628374655, -40938475628374655.0', 'user 4711, -4711'],
  ['sum 1234567890123456.0 or 1234567890123456', 'sum 4.7e5 or 4.7e5'],
  [
    '40938475628374655.5 0.40938475628374655 409384756283746551',
    '40938475628374655.5 0.40938475628374655 409384756283746551',
  ],
  ['bakoludemifasur bakoludemifasura 10.80.1.2.3.4 ::', 'bakoludemifasur bakoludemifasura 10.80.1.2.3.4 ::'],
  ['', ''],
];

for (const [text, expected] of CASES) {
  test(JSON.stringify(text), () => assert.equal(unmasked(text, LOOKED_UP), expected));
}

test('words come back wherever they stand, and nothing else changes', () => {
  const other = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[0-9A-Za-z:]/.test(text));
  const word = fc.constantFrom('bakoludemifasuro', 'xexirufofamipavo', '27ba95431fd31214');
  fc.assert(
    fc.property(fc.array(fc.tuple(other, word)), (parts) => {
      const text = parts.map(([between, each]) => ` ${between}${each}`).join('');
      const expected = parts.map(([between, each]) => ` ${between}${MAP.get(each)}`).join('');
      assert.equal(unmasked(text, LOOKED_UP), expected);
    }),
  );
});

/** Words over a vocabulary, and the file of a private map that knows what they replaced. */
function wordsAndMap(t: TestContext, mode: AddressMode, names: readonly string[]) {
  const vocabulary = new Vocabulary();
  vocabulary.addAll(names);
  const [directory, folder] = [scratch(t), scratch(t)];
  const notes = new NotesWriter(folder, 'replaced');
  t.after(() => notes.close());
  const words = new Words({ key: KEY, vocabulary, addresses: mode, note: notes.note });
  let written = 0;
  const map = async () => {
    const file = join(directory, `${written++}.map.json`);
    notes.flush();
    await writeMap(file, { key: KEY, addresses: mode }, new Notes(folder));
    return file;
  };
  return { words, map };
}

const NAMES = ['payment', 'Payment', 'checkout-api', 'orders', 'acme.example', 'svc_ledger'];
const hexadecimal = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const ipv4 = addressBytes(4).map(formatIp);
const ip = fc.oneof(addressBytes(4), addressBytes(16)).map(formatIp);
const block = fc
  .oneof(addressBytes(4), addressBytes(16))
  .chain((bytes) => fc.tuple(fc.constant(formatIp(bytes)), fc.nat(8 * bytes.length)))
  .map(([address, prefix]) => `${address}/${prefix}`);
const part = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.constantFrom('paymentService', 'getPayment', 'payment2', 'orders_total', 'checkout-api-7d9f', 'is slow'),
  ip,
  ip.map((text) => (text.includes(':') ? `[${text}]:8080` : `${text}:8080`)),
  block,
  ipv4.map((text) => `ip-${text.replaceAll('.', '-')}.ec2.internal`),
  ipv4.map((text) => `${text.split('.').reverse().join('.')}.in-addr.arpa`),
  fc.constantFrom(16, 32, 64).chain(hexadecimal),
  fc.uuid(),
);
const text = fc
  .array(fc.tuple(part, fc.constantFrom(' ', ', ', '\n', ' "', String.raw` \n`, ' (', '=')))
  .map((parts) => parts.map(([each, between]) => between + each).join(''));

for (const mode of ['prefix', 'opaque'] as const) {
  test(`${mode}: what was redacted comes back as it was`, async (t) => {
    const { words, map } = wordsAndMap(t, mode, NAMES);
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(text, async (original) => {
        const redacted = words.text(original);
        fc.pre(!/\[[a-z-]+\]/.test(redacted)); // Secrets are gone for good.
        if (redacted !== original) changed++;
        assert.equal(unmasked(redacted, new PrivateMap(await map())), original);
      }),
      { numRuns: 300 },
    );
    assert.ok(changed > 200, `${changed} were changed`);
  });
}

test('the key turns back addresses and blocks that the map does not hold, unless they are opaque', async (t) => {
  for (const mode of ['prefix', 'opaque'] as const) {
    const original = '10.1.2.3 10.1.2.0/24 fd00::/64 ip-10-1-2-3 3.2.1.10.in-addr.arpa 127.0.0.1 0.0.0.0/0';
    const redacted = wordsAndMap(t, mode, []).words.text(original);
    const { map } = wordsAndMap(t, mode, []);
    const back = unmasked(redacted, new PrivateMap(await map()));
    assert.equal(back, mode === 'prefix' ? original : redacted);
  }
});

/** Files that are no private map, and what is said of them: of those that begin like one only when they are read on. */
const NO_MAPS: readonly (readonly [name: string, write: (file: string) => void, said: RegExp])[] = [
  ['nothing', () => {}, /--map .*map\.json: no such file or directory$/],
  [
    'an empty file',
    (file) => writeFileSync(file, ''),
    /--map .*map\.json: not a private map; ktape share writes/,
  ],
  ['other JSON', (file) => writeFileSync(file, '[]'), /--map .*map\.json: not a private map/],
  ['a directory', (file) => mkdirSync(file), /--map .*map\.json: not a regular file/],
  [
    'a newer map',
    (file) => writeFileSync(file, '{"format":"ktape share map","version":2}'),
    /--map .*map\.json: version 2; this ktape reads maps of version 1/,
  ],
  [
    'a pair that is none',
    (file) => writeFileSync(file, `${HEAD}\n["bakoludemifasuro",7]\n`),
    /map\.json: line 2 is "\[\\"bakoludemifasuro\\",7\]"; expected \["word","original"\]/,
  ],
  [
    'a line without end',
    (file) => {
      writeFileSync(file, `${HEAD}\n`);
      truncateSync(file, 2 ** 40);
    },
    /map\.json: has a line of more than 67108864 characters/,
  ],
];
const HEAD = JSON.stringify({
  format: 'ktape share map',
  version: 1,
  key: '5a'.repeat(32),
  addresses: 'prefix',
});

for (const [name, write, said] of NO_MAPS) {
  test(`no map: ${name}`, async (t) => {
    const temporary = scratch(t);
    const map = join(temporary, 'map.json');
    write(map);
    const { status, stdout, stderr } = await runCaptured(['unmask', '--map', map], { temporary, input: 'a' });
    assert.deepEqual({ status, stdout }, { status: said.source.startsWith('--map') ? 2 : 1, stdout: '' });
    assert.match(stderr.trim(), said);
  });
}

test('a map that makes a short text long does so in parts', (t) => {
  const file = join(scratch(t), 'map.json');
  writeFileSync(file, `${HEAD}\n${JSON.stringify(['bakoludemifasuro', 'x'.repeat(2 ** 20)])}\n`);
  let length = 0;
  for (const part of unmaskedParts('bakoludemifasuro '.repeat(2000), new PrivateMap(file))) {
    assert.ok(part.length < 2 ** 21);
    length += part.length;
  }
  assert.equal(length, 2000 * (2 ** 20 + 1));
});

for (const [name, bytes] of [
  ['a tar', Buffer.alloc(1024, 'tape.json\0')],
  ['text of another encoding', Buffer.from('caf\xe9', 'latin1')],
  ['a character that is cut off', Buffer.from('café').subarray(0, 4)],
] as const) {
  test(`no text: ${name}`, async (t) => {
    const temporary = scratch(t);
    const [map, answer] = [join(temporary, 'map.json'), join(temporary, 'answer')];
    writeFileSync(map, HEAD);
    writeFileSync(answer, bytes);
    assert.deepEqual(await runCaptured(['unmask', '--map', map, answer], { temporary }), {
      status: 1,
      stdout: '',
      stderr: `ktape: ${answer}: not text in UTF-8; expected an answer in the words of a shared tape\n`,
    });
    assert.equal(statSync(answer).size, bytes.length);
  });
}

test('a line that is longer than a piece is not cut within a word', async (t) => {
  const temporary = scratch(t);
  const [map, answer] = [join(temporary, 'map.json'), join(temporary, 'answer')];
  writeFileSync(map, `${HEAD}\n["bakoludemifasuro","payment"]\n`);
  writeFileSync(answer, 'bakoludemifasuro '.repeat(200_000));
  const { stdout } = await runCaptured(['unmask', '--map', map, answer], { temporary });
  assert.equal(stdout === 'payment '.repeat(200_000), true);
});
