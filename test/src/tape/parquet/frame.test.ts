import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOneFrame } from '../../../../src/tape/parquet/read/frame.js';
import { compress, decompress } from '../../../../src/tape/parquet/zstd.js';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** Of a frame of so many bytes, which it tells in one byte. */
const header = (bytes: number) => [...MAGIC, 0x20, bytes];
const skippable = [0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 0x61];
/** Two raw bytes, the last block. */
const hi = [0x11, 0, 0, 0x68, 0x69];
/** An `a` as often as told, with more blocks to come. */
const repeated = (times: number) => [(times << 3) | 2, 0, 0, 0x61];

test('whatever is compressed is one frame', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 3000 }), (bytes, times) => {
      const long = Buffer.concat(Array<Uint8Array>(times).fill(bytes));
      const stored = compress(long);
      assert.ok(isOneFrame(stored));
      assert.deepEqual(Buffer.from(decompress(stored, long.length) ?? []), long);
    }),
    { numRuns: 50 },
  );
});

for (const [what, bytes, text, isOne] of [
  ['a frame', [...header(2), ...hi], 'hi', true],
  ['a repeated byte', [...header(5), ...repeated(3), ...hi], 'aaahi', true],
  ['a byte that is repeated no times', [...header(2), ...repeated(0), ...hi], 'hi', false],
  ['a frame to be skipped behind it', [...header(2), ...hi, ...skippable], 'hi', false],
  ['a frame to be skipped before it', [...skippable, ...header(2), ...hi], 'hi', false],
  ['two frames', [...header(2), ...hi, ...header(2), ...hi], 'hihi', false],
] as const) {
  test(`${what}: ${isOne ? 'one frame' : 'more than one frame that says something'}`, () => {
    const stored = Uint8Array.from(bytes);
    assert.equal(Buffer.from(decompress(stored, 10) ?? []).toString(), text);
    assert.equal(isOneFrame(stored), isOne);
  });
}
