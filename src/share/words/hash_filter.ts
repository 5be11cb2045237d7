import { FOLDED } from './characters.js';

/** Bits of a filter for each hash in it: one hash of so many that are not in it passes. */
const BITS_A_HASH = 16;

/** Hash of no characters. */
export const NO_CHARACTERS = 0x811c9dc5;

/** The hash of one more code unit (FNV-1a), in lower case. */
export function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ (FOLDED[unit] ?? 0), 0x01000193);
}

/** The hash of a text, without regard to case. */
export function hashOf(text: string): number {
  let hash = NO_CHARACTERS;
  for (let at = 0; at < text.length; at++) hash = hashed(hash, text.charCodeAt(at));
  return hash;
}

/** A set of hashes that may hold others too, in little memory. */
export class HashFilter {
  readonly #bits: Uint32Array;
  readonly #mask: number;

  /** @param expected number of hashes */
  constructor(expected: number) {
    const bits = 2 ** Math.min(32, Math.ceil(Math.log2(expected * BITS_A_HASH + 32)));
    this.#mask = bits - 1;
    this.#bits = new Uint32Array(bits / 32);
  }

  add(hash: number): void {
    const bit = this.#bit(hash);
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  has(hash: number): boolean {
    const bit = this.#bit(hash);
    return (((this.#bits[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  #bit(hash: number): number {
    return ((hash ^ (hash >>> 15)) & this.#mask) >>> 0;
  }
}
