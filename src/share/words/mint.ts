import { hash } from 'node:crypto';
import { KtapeError } from '../../errors.js';
import type { ShareKey } from '../key.js';
import { Minted } from './minted.js';

const SYLLABLES_A_WORD = 8;
/** Bytes that SHA-256 takes at once, and gives. */
const BLOCK = 64;
const DIGEST = 32;
/** Bytes of a name for which there is room; for a longer one it is made. */
const ROOM = 512;
const SYLLABLES = [...'aeiou'].flatMap((vowel) =>
  [...'bcdfghjklmnpqrstvwxz'].map((consonant) => consonant + vowel),
);

/**
 * Makes words of names: 16 lower-case letters, consonants and vowels in turn (`bakoludemifasuro`), from the first
 * 16 bytes of HMAC-SHA-256 of the name. 100⁸ of them: among a million names two meet once in 20,000 shares, which
 * is found and refused, never passed over.
 */
export class Mint {
  /** The padded key of the inner hash, and behind it room for a name. */
  readonly #inner = Buffer.alloc(BLOCK + ROOM, 0x36);
  /** The padded key of the outer hash, and behind it room for the inner one. */
  readonly #outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  readonly #words = new Minted();

  /**
   * @param taken whether a word must not come out, as it means something already
   * @param minted called once for each name
   */
  constructor(
    key: ShareKey,
    private readonly taken: (word: string) => boolean,
    private readonly minted: (word: string, original: string) => void,
  ) {
    key.subKey('name').forEach((byte, i) => {
      this.#inner[i] = byte ^ 0x36;
      this.#outer[i] = byte ^ 0x5c;
    });
  }

  /** The word of a name; throws a KtapeError where two names get one word. */
  word(name: string): string {
    const digest = this.#hmac(name);
    let word = '';
    let [high, low] = [0, 0];
    for (let i = 0; i < SYLLABLES_A_WORD; i++) {
      const syllable = number16(digest, 2 * i) % SYLLABLES.length;
      word += SYLLABLES[syllable] ?? '';
      if (i < SYLLABLES_A_WORD / 2) high = high * SYLLABLES.length + syllable;
      else low = low * SYLLABLES.length + syllable;
    }
    const standing = this.#words.add(high, low, number32(digest, 16), number32(digest, 20));
    if (standing === 'taken' || (standing === 'new' && this.taken(word))) {
      throw new KtapeError(`the pseudonym ${word} would stand for two names under this key: use another key`);
    }
    if (standing === 'new') this.minted(word, name);
    return word;
  }

  /**
   * HMAC-SHA-256 (RFC 2104) of a name, a character for each byte. The one of `node:crypto` makes an object each time,
   * and a buffer takes as long to make as the hash.
   */
  #hmac(name: string): string {
    // UTF-16, since JSON may hold halves of surrogate pairs, which UTF-8 makes all the same.
    const size = name.length * 2;
    const inner =
      size <= ROOM ? this.#inner : Buffer.concat([this.#inner.subarray(0, BLOCK), Buffer.alloc(size)]);
    inner.write(name, BLOCK, 'utf16le');
    this.#outer.write(hash('sha256', inner.subarray(0, BLOCK + size), 'binary'), BLOCK, 'binary');
    return hash('sha256', this.#outer, 'binary');
  }
}

function number16(digest: string, at: number): number {
  return digest.charCodeAt(at) * 2 ** 8 + digest.charCodeAt(at + 1);
}

function number32(digest: string, at: number): number {
  return number16(digest, at) * 2 ** 16 + number16(digest, at + 2);
}
