/** Bits for each number: with fewer, chance lets more pass. */
const BITS_A_NUMBER = 64;
const MIN_BITS = 15;
const MAX_BITS = 24;
const FACTOR = 0x9e3779b1;

/** Tells most numbers of 32 bits that are not in a set from those that may be, at the cost of looking at one bit. */
export class BitFilter {
  private readonly bits: Int32Array;
  /** How far the product of a number is shifted to give the number of its bit. */
  private readonly shift: number;

  constructor(numbers: ReadonlyMap<number, unknown>) {
    const wanted = Math.ceil(Math.log2(numbers.size * BITS_A_NUMBER));
    const width = Math.min(Math.max(wanted, MIN_BITS), MAX_BITS);
    this.bits = new Int32Array(2 ** (width - 5));
    this.shift = 32 - width;
    for (const number of numbers.keys()) {
      const bit = this.bitOf(number);
      this.bits[bit >>> 5] = (this.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  /** False if the number is not in the set; if it is, true. */
  mayHave(number: number): boolean {
    const bit = this.bitOf(number);
    return (((this.bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  private bitOf(number: number): number {
    return Math.imul(number, FACTOR) >>> this.shift;
  }
}
