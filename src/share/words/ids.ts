import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto';
import type { ShareKey } from '../key.js';

const BLOCK = 16;
/** Bytes of a span id. */
const SHORT = 8;
const ROUNDS = [0, 1, 2, 3, 4, 5];
/** So many ids of 8 bytes are mixed at once: their blocks stay near the processor. */
const AT_ONCE = 2048;
const ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/**
 * Other ids of the same shape for ids: 16, 32 or 64 hexadecimal digits and UUIDs, by AES-256 under a sub-key. No two
 * meet, and whoever has the key can turn them back. 32 digits and UUIDs are one block; 64 digits are two blocks, each
 * depending on both; 16 digits are the halves of a Feistel network. Ids of zeros only stay: they mean that there is none.
 * What was written in capitals stays in capitals.
 */
export class Ids {
  readonly #aes: Cipher;
  readonly #inverse: Decipher;
  /** For rounds of the Feistel network: of each block two words are in use, the others zero. */
  readonly #blocks = new Uint32Array((AT_ONCE * BLOCK) / 4);

  constructor(key: ShareKey) {
    const secret = key.subKey('id');
    this.#aes = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
    this.#inverse = createDecipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
  }

  /** The other id; undefined where the text has not the shape of one, or has letters of both cases. */
  id(text: string): string | undefined {
    return rewritten(text, (bytes) => this.#other(bytes));
  }

  /** The id that another one stands for; undefined where the text has not the shape of one. */
  original(text: string): string | undefined {
    return rewritten(text, (bytes) => this.#original(bytes));
  }

  /**
   * Replaces in place ids of 8 or 16 raw bytes each, side by side: the same ids as `id` makes of their digits.
   *
   * @param size bytes of one id
   */
  raw(bytes: Uint8Array, size: 8 | 16): void {
    if (bytes.length % size !== 0) {
      throw new RangeError(`${bytes.length} bytes are no row of ids of ${size} bytes`);
    }
    const others = size === BLOCK ? this.#aes.update(bytes) : this.#feistel(bytes, ROUNDS);
    for (let at = 0; at < bytes.length; at += size) {
      let i = at;
      while (i < at + size && bytes[i] === 0) i++;
      if (i === at + size) others.fill(0, at, i);
    }
    bytes.set(others);
  }

  #other(bytes: Uint8Array): Uint8Array {
    if (bytes.length === SHORT) return this.#feistel(bytes, ROUNDS);
    if (bytes.length === BLOCK) return this.#aes.update(bytes);
    const first = this.#aes.update(bytes.subarray(0, BLOCK));
    const second = this.#aes.update(xor(bytes.subarray(BLOCK), first));
    return Buffer.concat([this.#aes.update(xor(first, second)), second]);
  }

  #original(bytes: Uint8Array): Uint8Array {
    if (bytes.length === SHORT) return this.#feistel(bytes, ROUNDS.toReversed());
    if (bytes.length === BLOCK) return this.#inverse.update(bytes);
    const second = bytes.subarray(BLOCK);
    const first = xor(this.#inverse.update(bytes.subarray(0, BLOCK)), second);
    return Buffer.concat([this.#inverse.update(first), xor(this.#inverse.update(second), first)]);
  }

  /** Ids of 8 bytes, side by side: each round undoes itself, so that in the other order they turn them back. */
  #feistel(ids: Uint8Array, rounds: readonly number[]): Uint8Array {
    const halves = new Uint32Array(new Uint8Array(ids).buffer);
    for (let first = 0; first < halves.length; first += AT_ONCE * 2) {
      const some = halves.subarray(first, first + AT_ONCE * 2);
      for (const round of rounds) this.#mix(some, round);
    }
    return new Uint8Array(halves.buffer);
  }

  /** Mixes one half of each id, by turns the first and the second, with AES of the other half and of the round. */
  #mix(halves: Uint32Array, round: number): void {
    const mixed = round & 1;
    const blocks = this.#blocks.subarray(0, halves.length * 2);
    for (let i = 0; i < halves.length; i += 2) {
      blocks[2 * i] = halves[i + 1 - mixed] ?? 0;
      blocks[2 * i + 1] = round;
    }
    const others = this.#encrypted(blocks);
    for (let i = 0; i < halves.length; i += 2) {
      halves[i + mixed] = (halves[i + mixed] ?? 0) ^ (others[2 * i] ?? 0);
    }
  }

  /** What AES makes of blocks, as numbers of 32 bits. */
  #encrypted(blocks: Uint32Array): Uint32Array {
    const { buffer, byteOffset, length } = this.#aes.update(blocks);
    const isAligned = byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
    return isAligned
      ? new Uint32Array(buffer, byteOffset, length / Uint32Array.BYTES_PER_ELEMENT)
      : new Uint32Array(buffer.slice(byteOffset, byteOffset + length));
  }
}

/** Whether a text has the shape of an id. Numbers of 16 digits have it too: one span id of two thousand is such. */
export function isId(text: string): boolean {
  return ID.test(text);
}

function rewritten(text: string, rewrite: (bytes: Uint8Array) => Uint8Array): string | undefined {
  if (!isId(text)) return undefined;
  const capitals = /[A-F]/.test(text);
  if (capitals && /[a-f]/.test(text)) return undefined;
  if (/^[0-]+$/.test(text)) return text;
  const digits = Buffer.from(rewrite(Buffer.from(text.replaceAll('-', ''), 'hex'))).toString('hex');
  const dashed = text.length === 36 ? digits.replace(UUID_PARTS, '$1-$2-$3-$4-$5') : digits;
  return capitals ? dashed.toUpperCase() : dashed;
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}
