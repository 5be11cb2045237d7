import type { Hash } from './hash.js';
import type { Hashes } from './hashes.js';
import { Slots } from './slots.js';

/** Parts of a set: each grows by itself, so that growing never needs twice the memory. */
const PARTS = 64;

/** The parts of a set in memory that threads share. */
export type SharedSet = readonly Int32Array<SharedArrayBuffer>[];

/**
 * A set of byte strings, each kept as the 64 bits of its hash: millions fit. One that is in it is always found; that
 * one is said to be that is not happens once in 10⁵ times that ten million are looked up among ten million.
 */
export class HashSet {
  private readonly parts: readonly Slots[];

  /** @param shared a set to be read */
  constructor(shared?: SharedSet) {
    this.parts = shared?.map((slots) => new Slots(slots)) ?? Array.from({ length: PARTS }, () => new Slots());
  }

  /** How many were added. */
  get size(): number {
    return this.parts.reduce((sum, { filled }) => sum + filled, 0);
  }

  /** Adds hashes, two numbers each. */
  addAll(pairs: Int32Array): void {
    const { parts } = this;
    for (let i = 0; i < pairs.length; i += 2) {
      const a = pairs[i] ?? 0;
      parts[a & (PARTS - 1)]?.add(a, pairs[i + 1] ?? 0);
    }
  }

  has({ a, b }: Hash): boolean {
    return this.parts[a & (PARTS - 1)]?.has(a, b) ?? false;
  }

  /** Tells the number of what each of the hashes in the set is of: in a row, for the processor waits for many places in memory at once. */
  each({ pairs, numbers, count }: Hashes, found: (number: number) => void): void {
    const { parts } = this;
    for (let i = 0; i < count; i++) {
      const a = pairs[2 * i] ?? 0;
      if (parts[a & (PARTS - 1)]?.has(a, pairs[2 * i + 1] ?? 0)) found(numbers[i] ?? 0);
    }
  }

  /** The set in memory that threads share. */
  shared(): SharedSet {
    return this.parts.map((part) => part.shared());
  }
}
