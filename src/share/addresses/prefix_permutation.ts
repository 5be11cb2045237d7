import { type Cipher, createCipheriv } from 'node:crypto';
import { type Cidr, cidrContains, type IpBytes } from '../../policy/ip.js';
import { CARRYING_IPV4, KEPT, KEPT_AS_RANGES } from './kept_ranges.js';

const BLOCK = 16;

/**
 * A keyed permutation of the addresses of one family under which two addresses share as many leading bits as before
 * (Xu, Fan, Ammar and Moon, "Prefix-preserving IP address anonymization", 2002): bit i is flipped or not as AES-256 of
 * the i bits before it says. It is never flipped where that would lead out of, or into, a range that stays.
 */
export class PrefixPermutation {
  readonly #aes: Cipher;
  readonly #bits: number;
  readonly #kept: readonly Cidr[];
  readonly #ranges: readonly Cidr[];

  /** @param bytes 4 or 16, the family's */
  constructor(secret: Uint8Array, bytes: 4 | 16) {
    this.#aes = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
    this.#bits = 8 * bytes;
    const ofFamily = (range: Cidr) => range.bytes.length === bytes;
    this.#kept = [...KEPT, ...CARRYING_IPV4].filter(ofFamily);
    this.#ranges = [...this.#kept, ...KEPT_AS_RANGES.filter(ofFamily)];
  }

  /** Another address of the same family. */
  permute(address: IpBytes): IpBytes {
    if (this.#kept.some((range) => cidrContains(range, address))) return address;
    const fixed = this.#fixedBits(address);
    const decisions = this.#aes.update(this.#prefixes(address));
    return address.map((byte, i) => {
      let flips = 0;
      for (let bit = 8 * i; bit < 8 * i + 8; bit++) {
        flips = (flips << 1) | (fixed[bit] ? 0 : (decisions[bit * BLOCK] ?? 0) & 1);
      }
      return byte ^ flips;
    });
  }

  /** The address that becomes this one: bit by bit, since each was flipped or not as those before it said. */
  inverse(address: IpBytes): IpBytes {
    if (this.#kept.some((range) => cidrContains(range, address))) return address;
    const original = Uint8Array.from(address);
    const block = new Uint8Array(BLOCK);
    for (let bit = 0; bit < this.#bits; bit++) {
      if (this.#isFixed(original, bit)) continue;
      setPrefix(block, original, bit);
      const flips = (this.#aes.update(block)[0] ?? 0) & 1;
      original[bit >>> 3] = (original[bit >>> 3] ?? 0) ^ (flips << (7 - (bit & 7)));
    }
    return original;
  }

  /** Whether a bit stays, as `#fixedBits` tells of all of them. */
  #isFixed(address: IpBytes, bit: number): boolean {
    return this.#ranges.some(
      ({ bytes, prefix }) => bit < prefix && cidrContains({ bytes, prefix: bit }, address),
    );
  }

  /** Marks the bits that stay: those whose preceding bits begin a range that stays, and do not fill it. */
  #fixedBits(address: IpBytes): Uint8Array {
    const fixed = new Uint8Array(this.#bits);
    for (const range of this.#ranges) {
      for (let bit = 0; bit < range.prefix; bit++) {
        fixed[bit] = 1;
        if (bitOf(address, bit) !== bitOf(range.bytes, bit)) break;
      }
    }
    return fixed;
  }

  /** One block for each bit. */
  #prefixes(address: IpBytes): Uint8Array {
    const blocks = new Uint8Array(this.#bits * BLOCK);
    for (let bit = 0; bit < this.#bits; bit++) {
      setPrefix(blocks.subarray(bit * BLOCK, (bit + 1) * BLOCK), address, bit);
    }
    return blocks;
  }
}

/** Puts into a block of zeros, or of a shorter prefix, the bits before one, and a one: no other prefix gives these. */
function setPrefix(block: Uint8Array, address: IpBytes, bit: number): void {
  const last = bit >>> 3;
  block.set(address.subarray(0, last));
  block[last] = ((address[last] ?? 0) & (0xff00 >> (bit & 7))) | (0x80 >> (bit & 7));
}

function bitOf(bytes: Uint8Array, bit: number): number {
  return ((bytes[bit >>> 3] ?? 0) >> (7 - (bit & 7))) & 1;
}
