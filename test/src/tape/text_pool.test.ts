import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextPool } from '../../../src/tape/columns/text_pool.js';

test('a text equals its own bytes, and none that differ in one byte or in length', () => {
  for (let size = 0; size < 20; size++) {
    const pool = new TextPool();
    const bytes = Buffer.from(Array.from({ length: size + 2 }, (_, i) => i + 1));
    pool.internString('before');
    const text = pool.intern(bytes, 1, size + 1);
    const viewOf = (of: Uint8Array) => new DataView(of.buffer, of.byteOffset, of.length);
    assert.equal(pool.equals(text, viewOf(bytes), 1, size + 1), true);
    assert.equal(pool.equals(text, viewOf(bytes), 1, size + 2), false);
    for (let at = 1; at <= size; at++) {
      const other = bytes.map((byte, i) => (i === at ? byte ^ 0x40 : byte));
      assert.equal(pool.equals(text, viewOf(other), 1, size + 1), false, `byte ${at} of ${size}`);
    }
  }
});
