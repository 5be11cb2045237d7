import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHex, writeHex } from '../../../src/tape/columns/hex.js';

/** What is read of characters; undefined where they are no digits. */
function read(characters: Uint8Array): string | undefined {
  const bytes = new Uint8Array(characters.length / 2);
  const view = new DataView(characters.buffer, characters.byteOffset, characters.length);
  return readHex(view, 0, bytes, 0, bytes.length) ? Buffer.from(bytes).toString('hex') : undefined;
}

test('bytes are written as digits, and digits are read as bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const digits = Buffer.alloc(bytes.length * 2);
      writeHex(bytes, 0, bytes.length, new DataView(digits.buffer, digits.byteOffset, digits.length), 0);
      assert.equal(digits.toString(), Buffer.from(bytes).toString('hex'));
      assert.equal(read(digits), digits.toString());
    }),
  );
});

test('every character but 0 to 9 and a to f is told from a digit, wherever it stands', () => {
  for (let byte = 0; byte < 256; byte++) {
    const isDigit = /[0-9a-f]/.test(String.fromCharCode(byte));
    for (const at of [0, 1, 2, 3]) {
      const characters = Buffer.from('0f1e');
      characters[at] = byte;
      assert.equal(read(characters) !== undefined, isDigit, `byte ${byte} at ${at}`);
    }
  }
});
