import { Slots } from './slots.js';
import { NUMBERS, readChunk, type SpillFile } from './spill_file.js';
import type { Part } from './spilled_hashes.js';

/** Hashes of the same first bits: of the original tape and of the shared one, as the threads met them. */
export interface PartsToCompare {
  readonly original: readonly Part[];
  readonly shared: readonly Part[];
}

/** What a comparison comes to. */
export interface Compared {
  /** Hashes that both tapes have, two numbers each: not all where there are very many. */
  readonly common: readonly number[];
  /** How many different ones the original has. */
  readonly distinct: number;
}

/** So many numbers of hashes that both have are enough to say where something is. */
const ENOUGH = 20_000;

/**
 * Compares hashes part by part, so that the table in which they are looked up fits in the processor's cache. Two of 64
 * bits are the same by chance once in 10⁵ times that ten million are compared with ten million; the same ids always have the same.
 */
export class Comparison {
  private readonly slots = new Slots();
  private readonly chunk = new Int32Array(NUMBERS);

  constructor(private readonly file: SpillFile) {}

  compare(parts: readonly PartsToCompare[]): Compared {
    const common: number[] = [];
    let distinct = 0;
    for (const { original, shared } of parts) {
      this.tabulate(original);
      distinct += this.slots.filled;
      for (const pairs of this.pairsOf(shared)) this.lookUp(pairs, common);
    }
    return { common, distinct };
  }

  private tabulate(parts: readonly Part[]): void {
    const { slots } = this;
    const numbers = parts.map(({ chunks, rest }) => chunks.length * NUMBERS + rest.length);
    slots.reserve(numbers.reduce((sum, count) => sum + count, 0) / 2);
    for (const pairs of this.pairsOf(parts)) {
      for (let i = 0; i < pairs.length; i += 2) slots.add(pairs[i] ?? 0, pairs[i + 1] ?? 0);
    }
  }

  private lookUp(pairs: Int32Array, common: number[]): void {
    const { slots } = this;
    for (let i = 0; i < pairs.length; i += 2) {
      const a = pairs[i] ?? 0;
      const b = pairs[i + 1] ?? 0;
      if (slots.has(a, b) && common.length < ENOUGH) common.push(a, b);
    }
  }

  /** The hashes of parts, some at a time: each lot is to be used before the next is asked for. */
  private *pairsOf(parts: readonly Part[]): Generator<Int32Array> {
    for (const { chunks, rest } of parts) {
      for (const chunk of chunks) {
        readChunk(this.file, chunk, this.chunk);
        yield this.chunk;
      }
      yield rest;
    }
  }
}
