import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Minted } from '../../../../src/share/words/minted.js';

type Four = [number, number, number, number];

test('a name is new once, and another name with its word is found', () => {
  const minted = new Minted();
  const [payment, cart] = [[2, 2 ** 32 - 1] as const, [2 ** 32 - 2, 0] as const];
  assert.equal(minted.add(7, 11, ...payment), 'new');
  assert.equal(minted.add(7, 12, ...cart), 'new');
  assert.equal(minted.add(7, 11, ...payment), 'known');
  assert.equal(minted.add(7, 11, ...cart), 'taken');
});

test('many names: each is known after it was new', () => {
  const minted = new Minted();
  const standing = (i: number) => {
    const digest = createHash('sha256').update(`name ${i}`).digest();
    const [high, low, first, second] = [0, 4, 8, 12].map((at) => digest.readUInt32BE(at)) as Four;
    return minted.add(high, low, first, second);
  };
  const names = Array.from({ length: 20_000 }, (_, i) => i);
  assert.deepEqual(new Set(names.map(standing)), new Set(['new']));
  assert.deepEqual(new Set(names.map(standing)), new Set(['known']));
});
