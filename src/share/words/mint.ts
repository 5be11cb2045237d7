import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { KtapeError } from '../../errors.js';
import type { ShareKey } from '../key.js';

const SYLLABLES = 8;
const CONSONANTS = 'bcdfghjklmnpqrstvwxz';
const VOWELS = 'aeiou';

/**
 * Makes words of names: 16 lower-case letters, consonants and vowels in turn (`bakoludemifasuro`), from the first
 * 16 bytes of HMAC-SHA-256 of the name. 100⁸ of them: among a million names two meet once in 20,000 shares, which
 * is found and refused, never passed over.
 */
export class Mint {
  readonly #secret: KeyObject;
  readonly #originals = new Map<string, string>();

  /**
   * @param taken whether a word must not come out, as it means something already
   * @param minted called once for each name
   */
  constructor(
    key: ShareKey,
    private readonly taken: (word: string) => boolean,
    private readonly minted: (word: string, original: string) => void,
  ) {
    this.#secret = createSecretKey(key.subKey('name'));
  }

  /** The word of a name; throws a KtapeError where two names get one word. */
  word(name: string): string {
    // UTF-16, since JSON may hold halves of surrogate pairs, which UTF-8 makes all the same.
    const digest = createHmac('sha256', this.#secret).update(name, 'utf16le').digest();
    let word = '';
    for (let i = 0; i < SYLLABLES; i++) {
      const syllable = digest.readUInt16BE(2 * i) % (CONSONANTS.length * VOWELS.length);
      word += CONSONANTS.charAt(syllable % CONSONANTS.length);
      word += VOWELS.charAt(syllable / CONSONANTS.length);
    }
    this.#remember(word, name);
    return word;
  }

  #remember(word: string, name: string): void {
    const original = this.#originals.get(word);
    if (original === name) return;
    if (original !== undefined || this.taken(word)) {
      throw new KtapeError(`the pseudonym ${word} would stand for two names under this key: use another key`);
    }
    this.#originals.set(word, name);
    this.minted(word, name);
  }
}
