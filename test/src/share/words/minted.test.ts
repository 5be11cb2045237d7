import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Minted } from '../../../../src/share/words/minted.js';

const digestOf = (name: string) => createHash('sha256').update(name).digest();

test('a name is new once, and another name with its word is found', () => {
  const minted = new Minted();
  assert.equal(minted.add(7, 11, digestOf('payment')), 'new');
  assert.equal(minted.add(7, 12, digestOf('cart')), 'new');
  assert.equal(minted.add(7, 11, digestOf('payment')), 'known');
  assert.equal(minted.add(7, 11, digestOf('cart')), 'taken');
});

test('many names: each is known after it was new', () => {
  const minted = new Minted();
  const standing = (i: number) => {
    const digest = digestOf(`name ${i}`);
    return minted.add(digest.readUInt32BE(0), digest.readUInt32BE(4), digest);
  };
  const names = Array.from({ length: 20_000 }, (_, i) => i);
  assert.deepEqual(new Set(names.map(standing)), new Set(['new']));
  assert.deepEqual(new Set(names.map(standing)), new Set(['known']));
});
