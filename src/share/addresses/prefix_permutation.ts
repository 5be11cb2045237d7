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

  /** One block for each bit: the bits before it, a one, and zeros, which no other prefix of any length gives. */
  #prefixes(address: IpBytes): Uint8Array {
    const blocks = new Uint8Array(this.#bits * BLOCK);
    for (let bit = 0; bit < this.#bits; bit++) {
      const at = bit * BLOCK;
      const last = bit >>> 3;
      blocks.set(address.subarray(0, last), at);
      blocks[at + last] = ((address[last] ?? 0) & (0xff00 >> (bit & 7))) | (0x80 >> (bit & 7));
    }
    return blocks;
  }
}

function bitOf(bytes: Uint8Array, bit: number): number {
  return ((bytes[bit >>> 3] ?? 0) >> (7 - (bit & 7))) & 1;
}
