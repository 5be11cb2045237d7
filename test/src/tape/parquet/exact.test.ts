import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Codec, Encoding, Type } from '../../../../src/tape/parquet/format.js';
import { isExact } from '../../../../src/tape/parquet/read/exact.js';

/** Levels before values: their runs, behind the length of these. */
const levels = (...runs: number[]) => [runs.length, 0, 0, 0, ...runs];
/** A run of one value that is there. */
const THERE = levels(2, 1);
const SEVEN = [7, 0, 0, 0];
/** Bytes of zeros: 32 values of as many bits. */
const zeros = (bits: number) => Array<number>(4 * bits).fill(0);
/** Two times: blocks of 128 values in 4 parts, how many there are, the first, and the least difference. */
const TWO = [0x80, 1, 4, 2, 0, 2];

const PLAIN = { type: Type.INT32, encoding: Encoding.PLAIN, values: 1 };
const BITS = { type: Type.BOOLEAN, encoding: Encoding.PLAIN, values: 1 };
const NUMBERED = { type: Type.BYTE_ARRAY, encoding: Encoding.RLE_DICTIONARY, values: 1 };
const DELTAS = { type: Type.INT64, encoding: Encoding.DELTA_BINARY_PACKED, values: 2 };
const BOTH = levels(4, 1);

for (const [what, of, bytes, expected] of [
  ['a number', PLAIN, [...THERE, ...SEVEN], true],
  ['a number, and a byte behind it', PLAIN, [...THERE, ...SEVEN, 0], false],
  ['a number in an encoding that nobody here writes', { ...PLAIN, encoding: 9 }, [...THERE, ...SEVEN], false],
  ['a level in a run that says more', PLAIN, [...levels(2, 3), ...SEVEN], false],
  ['a run of no levels before one', PLAIN, [...levels(0, 1, 2, 1), ...SEVEN], false],
  ['a run of more levels than there are', PLAIN, [...levels(4, 1), ...SEVEN], false],
  ['a level among eight bits', PLAIN, [...levels(3, 1), ...SEVEN], true],
  ['a level among eight bits that say more', PLAIN, [...levels(3, 3), ...SEVEN], false],
  ['a level among sixteen bits', PLAIN, [...levels(5, 1, 0), ...SEVEN], false],
  ['a bit', BITS, [...THERE, 1], true],
  ['a bit among others', BITS, [...THERE, 3], false],
  ['a number of a text', NUMBERED, [...THERE, 8, 2, 0], true],
  ['a number of a text that is one of eight', NUMBERED, [...THERE, 8, 3, 0, 0, 0, 0, 0, 0, 0, 0], true],
  ['a number of a text among others', NUMBERED, [...THERE, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1], false],
  ['no number of a text', NUMBERED, levels(2, 0), true],
  ['no number of a text, and their width', NUMBERED, [...levels(2, 0), 8], false],
  ['deltas', DELTAS, [...BOTH, ...TWO, 0, 0, 0, 0], true],
  ['deltas, and a byte behind them', DELTAS, [...BOTH, ...TWO, 0, 0, 0, 0, 0], false],
  ['deltas of 8 bits', DELTAS, [...BOTH, ...TWO, 8, 0, 0, 0, ...zeros(8)], true],
  [
    'deltas of 8 bits, more than there are',
    DELTAS,
    [...BOTH, ...TWO, 8, 0, 0, 0, ...zeros(8).fill(1)],
    false,
  ],
  ['deltas of 72 bits', DELTAS, [...BOTH, ...TWO, 72, 0, 0, 0, ...zeros(72)], false],
  ['deltas in a part where there are none', DELTAS, [...BOTH, ...TWO, 0, 1, 0, 0], false],
  ['deltas in blocks of 256', DELTAS, [...BOTH, 0x80, 2, ...TWO.slice(2), 0, 0, 0, 0], false],
  [
    'deltas from a number of 77 bits',
    DELTAS,
    [...BOTH, ...TWO.slice(0, 4), ...Array<number>(10).fill(0x80), 0, 2, 0, 0, 0, 0],
    false,
  ],
] as const) {
  test(`${what}: ${expected ? 'nothing else' : 'not only what readers see'}`, () => {
    const { type, encoding, values } = of;
    const stored = Uint8Array.from(bytes);
    const leaf = {
      path: [],
      type,
      mostDefinition: 1,
      itemDefinition: 0,
      repeated: false,
      nanoseconds: false,
    };
    const place = {
      leaf,
      start: 0,
      end: 0,
      codec: Codec.UNCOMPRESSED,
      values,
      nulls: 0,
      extremes: undefined,
    };
    const page = { isDictionary: false, values, encoding, size: stored.length, stored };
    assert.equal(isExact(page, stored, place, what.startsWith('no ') ? 0 : values), expected);
  });
}
