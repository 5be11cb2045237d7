import type { Hash } from './hash.js';

const FIRST = 256;

/** Hashes one after the other, two numbers each, and what each is of. */
export class Hashes {
  /** Of each hash the one half, then the other; what follows the last hash means nothing. */
  pairs = new Int32Array(2 * FIRST);
  /** The number of what each is the hash of. */
  numbers = new Int32Array(FIRST);
  count = 0;

  push({ a, b }: Hash, number = 0): void {
    const i = this.count++;
    if (i === this.numbers.length) this.grow();
    this.pairs[2 * i] = a;
    this.pairs[2 * i + 1] = b;
    this.numbers[i] = number;
  }

  clear(): void {
    this.count = 0;
  }

  /** A copy of what was pushed; there is nothing afterwards. */
  take(): Int32Array<ArrayBuffer> {
    const taken = this.pairs.slice(0, 2 * this.count);
    this.clear();
    return taken;
  }

  private grow(): void {
    const { pairs, numbers } = this;
    this.pairs = new Int32Array(2 * pairs.length);
    this.pairs.set(pairs);
    this.numbers = new Int32Array(2 * numbers.length);
    this.numbers.set(numbers);
  }
}
