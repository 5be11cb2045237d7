import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unmasked } from '../../../src/share/unmask.js';

const MAP = new Map([
  ['bakoludemifasuro', 'payment'],
  ['xexirufofamipavo', 'shop'],
  ['10.80.1.2', '10.0.0.7'],
  ['10.80.0.0/16', '10.0.0.0/16'],
  ['fd00:1::', 'fd12:7::'],
  ['fd00:1::5', 'fd12:7::9'],
  ['27ba95431fd31214', 'a1a1a1a1a1a1a1a1'],
]);
const lookUp = (words: ReadonlySet<string>) => new Map([...MAP].filter(([word]) => words.has(word)));

const CASES: readonly (readonly [string, string])[] = [
  ['bakoludemifasuro is slow', 'payment is slow'],
  ['bakoludemifasuro-7d9f.xexirufofamipavo.svc:8080', 'payment-7d9f.shop.svc:8080'],
  ['from 10.80.1.2:443, not 10.80.1.23', 'from 10.0.0.7:443, not 10.80.1.23'],
  ['allow 10.80.0.0/16.', 'allow 10.0.0.0/16.'],
  ['fd00:1::5 and fd00:1:: and [fd00:1::5]:80', 'fd12:7::9 and fd12:7:: and [fd12:7::9]:80'],
  ['span=27ba95431fd31214,', 'span=a1a1a1a1a1a1a1a1,'],
  ['xbakoludemifasuro', 'xbakoludemifasuro'],
  ['', ''],
];

for (const [text, expected] of CASES) {
  test(JSON.stringify(text), () => assert.equal(unmasked(text, lookUp), expected));
}

test('words come back wherever they stand, and nothing else changes', () => {
  const other = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[0-9A-Za-z:]/.test(text));
  const word = fc.constantFrom('bakoludemifasuro', 'xexirufofamipavo', '27ba95431fd31214');
  fc.assert(
    fc.property(fc.array(fc.tuple(other, word)), (parts) => {
      const text = parts.map(([between, each]) => ` ${between}${each}`).join('');
      const expected = parts.map(([between, each]) => ` ${between}${MAP.get(each)}`).join('');
      assert.equal(unmasked(text, lookUp), expected);
    }),
  );
});
