import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSecrets } from '../../../../src/share/secrets/find_secrets.js';
import { type Notes, wordsOf } from '../words/tiny_words.js';
import { PLANTED } from './planted.js';
import { Random } from './random.js';

const NAMES = ['acme', 'tenant-blue', 'ledger', 'ledger-7d9f-x2x9z', 'blueberry.example', 'Zanzibar'];

/** A text with `<name>` in place of each name's pseudonym. */
function shown(text: string, notes: Notes): string {
  return text.replace(/(?:[bcdfghjklmnpqrstvwxz][aeiou]){8}/g, (word) => `<${notes.get(word) ?? word}>`);
}

test('in texts secrets are cut and the known names beside them are replaced', () => {
  const { words, notes } = wordsOf(NAMES);
  // Told by its surroundings alone, so that no real-looking secret stands in this file.
  const word = 'hunter2';
  for (const [text, expected] of [
    [`postgres://bob:${word}@ledger:5432/acme`, 'postgres://[credentials]@<ledger>:5432/<acme>'],
    [`acme:password: ${word} acme`, '<acme>:password: [password] <acme>'],
    [`ledger password=${word};tenant=acme`, '<ledger> password=[password];tenant=<acme>'],
    [`{"acme":"x","token":"${word}","pod":"ledger"}`, '{"<acme>":"x","token":"[password]","pod":"<ledger>"}'],
    ['mail from bob@blueberry.example to ledger', 'mail from [email] to <ledger>'],
    [`Cookie: acme=${word}; a=b ledger`, 'Cookie: [cookie] <ledger>'],
    [`GET https://ledger/?token=${word}&tenant=acme`, 'GET https://<ledger>/?token=[password]&tenant=<acme>'],
    [`LEDGER_PASSWORD=${word} LEDGER_HOST=ledger`, '<LEDGER>_PASSWORD=[password] <LEDGER>_HOST=<ledger>'],
    [`zanzibar/${'-'.repeat(5)}BEGIN PRIVATE KEY-----`, '<zanzibar>/[private-key]'],
  ] as const)
    assert.equal(shown(words.text(text), notes), expected);
});

const seed = process.env.KTAPE_SECRETS_SEED ?? String(Date.now() % 1_000_000_007);

test(`names and secrets in every order leave neither, seed ${seed}`, () => {
  const { words } = wordsOf(NAMES);
  const known = /acme|tenant|ledger|blueberry|zanzibar/i;
  for (let i = 0; i < 2000; i++) {
    const random = new Random(`${seed}/${i}`);
    const [kind, make] = random.one(Object.entries(PLANTED));
    const border = () => random.one([' ', ', ', ': ', '; ', ' (', ') ', '\n', ' | ', '\t']);
    const said = `${random.one(NAMES)}${border()}${make(random).said}${border()}${random.one(NAMES)}`;
    const text = random.one([said, JSON.stringify({ level: 'info', message: said })]);
    const kept = words.text(text);
    assert.ok(!known.test(kept), `${kind}: a name is left of ${text}\n→ ${kept}`);
    assert.deepEqual(findSecrets(kept), [], `${kind}: a secret is found after the cut of ${text}\n→ ${kept}`);
  }
});
