import { type Cipher, createCipheriv } from 'node:crypto';

const ROUNDS = 8;

/**
 * A keyed permutation of the addresses of one length without structure: neighbours are strangers afterwards. A Feistel
 * network of AES-256 over the two halves, walked on until it leaves the addresses that stay.
 */
export class OpaquePermutation {
  readonly #aes: Cipher;

  /** @param isKept which addresses stay as they are */
  constructor(
    secret: Uint8Array,
    private readonly isKept: (address: Uint8Array) => boolean,
  ) {
    this.#aes = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
  }

  /** Another address of the same length. */
  permute(address: Uint8Array): Uint8Array {
    if (this.isKept(address)) return address;
    let other = this.#shuffle(address);
    while (this.isKept(other)) other = this.#shuffle(other);
    return other;
  }

  #shuffle(address: Uint8Array): Uint8Array {
    const half = address.length / 2;
    let left = address.slice(0, half);
    let right = address.slice(half);
    for (let round = 0; round < ROUNDS; round++) {
      const block = new Uint8Array(16);
      block.set(right);
      block[15] = round;
      const mask = this.#aes.update(block);
      [left, right] = [right, left.map((byte, i) => byte ^ (mask[i] ?? 0))];
    }
    return Uint8Array.from([...left, ...right]);
  }
}
