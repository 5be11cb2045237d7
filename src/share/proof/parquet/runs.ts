/** Numbers of so many bits each, in runs of equal ones and in groups of eight packed ones, as Parquet's RLE writes them. */
export interface Runs {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly bits: number;
  readonly count: number;
}

/** Told of each run: how many of its numbers count, and where they begin; of equal ones the number is there once. */
type SeeRun = (isPacked: boolean, at: number, count: number) => void;

/**
 * Visits the runs; returns where what the numbers need ends. A run of none is none: what follows belongs to no number.
 *
 * @throws RangeError where they need more bytes than there are
 */
export function eachRun({ bytes, start, end, bits, count }: Runs, see?: SeeRun): number {
  const sizeOfEqual = (bits + 7) >> 3;
  let at = start;
  for (let left = count; left > 0; ) {
    const { value: header, end: first } = varInt(bytes, at, end);
    const isPacked = (header & 1) === 1;
    const numbers = Math.min(left, isPacked ? 8 * (header >>> 1) : header >>> 1);
    if (numbers === 0) return at;
    at = first + (isPacked ? Math.ceil((numbers * bits) / 8) : sizeOfEqual);
    if (at > end) throw new RangeError('runs of numbers reach beyond their page');
    see?.(isPacked, first, numbers);
    left -= numbers;
  }
  return at;
}

/** Puts all numbers into an array, from 0 on; returns where what they need ends. */
export function readRuns(runs: Runs, into: Int32Array): number {
  const { bytes, bits } = runs;
  let next = 0;
  return eachRun(runs, (isPacked, at, count) => {
    const stop = next + count;
    if (!isPacked) into.fill(equalOf(bytes, at, bits), next, stop);
    else for (let i = 0; i < count; i++) into[next + i] = packedOf(bytes, at, bits, i);
    next = stop;
  });
}

/** Of numbers of one bit, and of two, for each number how many of a byte are it. */
const EQUAL_IN_BYTE = [1, 2].map((bits) =>
  Array.from({ length: 2 ** bits }, (_, wanted) =>
    Uint8Array.from({ length: 256 }, (_, byte) => {
      let equal = 0;
      for (let i = 0; i < 8 / bits; i++) if (packedOf([byte], 0, bits, i) === wanted) equal++;
      return equal;
    }),
  ),
);

/** How many of the numbers are this one, and where what all of them need ends. */
export function countRuns(runs: Runs, wanted: number): { equal: number; end: number } {
  const { bytes, bits } = runs;
  const equalIn = EQUAL_IN_BYTE[bits - 1]?.[wanted];
  let equal = 0;
  const end = eachRun(runs, (isPacked, at, count) => {
    if (!isPacked) {
      equal += equalOf(bytes, at, bits) === wanted ? count : 0;
      return;
    }
    let i = 0;
    if (equalIn !== undefined)
      for (; i + 8 <= count; i += 8 / bits) equal += equalIn[bytes[at + (i * bits) / 8] ?? 0] ?? 0;
    for (; i < count; i++) if (packedOf(bytes, at, bits, i) === wanted) equal++;
  });
  return { equal, end };
}

/** An unsigned LEB128 number of at most 32 bits, and where it ends. */
export function varInt(bytes: Uint8Array, at: number, end: number): { value: number; end: number } {
  let value = 0;
  for (let [shift, next] = [0, at]; next < end && shift < 35; shift += 7) {
    const byte = bytes[next++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, end: next };
  }
  throw new RangeError('a number reaches beyond its page');
}

function equalOf(bytes: Uint8Array, at: number, bits: number): number {
  let value = 0;
  for (let shift = 0; shift < bits; shift += 8) value |= (bytes[at + (shift >> 3)] ?? 0) << shift;
  return value;
}

/** One of packed numbers: each eight of them take as many bytes as one has bits. */
function packedOf(bytes: ArrayLike<number>, start: number, bits: number, i: number): number {
  const bit = (i & 7) * bits;
  let at = start + (i >> 3) * bits + (bit >> 3);
  let value = (bytes[at] ?? 0) >>> (bit & 7);
  for (let got = 8 - (bit & 7); got < bits; got += 8) value |= (bytes[++at] ?? 0) << got;
  return bits === 32 ? value : value & ((1 << bits) - 1);
}
