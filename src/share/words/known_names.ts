import { classAt, FOLDED, folded, isPartEnd, SEPARATOR } from './characters.js';

/** Bits of a filter for each hash in it: one hash of so many that are not in it passes. */
const BITS_A_HASH = 16;

/** What joins the parts of a name, and changes with where it is written: `cart-eu`, `CART_EU_SERVICE_HOST`, `CartEu`. */
const JOINERS = /[-_.]/g;
const HYPHEN = 0x2d;
const LOW_LINE = 0x5f;
const FULL_STOP = 0x2e;
const JOINED = /^[a-z0-9]+(?:[-_.]+[a-z0-9]+)+$/i;
/** With fewer letters its parts, written as one, are any word. */
const FEWEST_LETTERS = 8;

/** Hash of no characters. */
export const NO_CHARACTERS = 0x811c9dc5;

/** The hash of one more code unit (FNV-1a), in lower case. */
export function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ (FOLDED[unit] ?? 0), 0x01000193);
}

/** A set of hashes that may hold others too, in little memory. */
class HashFilter {
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

/**
 * Finds the longest known name that begins somewhere, without regard to case. Filters of the hashes of names and of
 * everything that names begin with say no for nearly every word of a text, without a string being made; a set of the
 * names has the last word.
 */
export class KnownNames {
  readonly #names: ReadonlySet<string>;
  /** Names of several parts without what joins them. */
  readonly #joined: ReadonlySet<string>;
  readonly #whole: HashFilter;
  readonly #beginnings: HashFilter;
  readonly #longest: number;

  constructor(names: Iterable<string>) {
    this.#names = new Set([...names].map(folded));
    this.#joined = new Set([...this.#names].filter(isJoined).map(unjoined));
    let [longest, units] = [0, 0];
    for (const { length } of [...this.#names, ...this.#joined]) {
      longest = Math.max(longest, length);
      units += length;
    }
    this.#longest = longest;
    this.#whole = new HashFilter(this.#names.size + this.#joined.size);
    this.#beginnings = new HashFilter(units);
    for (const name of this.#names) this.#add(name);
    for (const name of this.#joined) this.#add(name);
  }

  /** Whether a name may begin with characters of this hash. */
  mayBegin(hash: number): boolean {
    return this.#beginnings.has(hash);
  }

  /**
   * Where the longest name ends that begins at an offset and is made of whole parts, whatever joins them: `-`, `_`, `.`, or
   * nothing; the offset where none does.
   */
  end(text: string, start: number): number {
    const stop = Math.min(text.length, start + this.#longest);
    let hash = NO_CHARACTERS;
    let end = start;
    let mayBegin = false;
    for (let at = start; at < stop; at++) {
      hash = hashed(hash, text.charCodeAt(at));
      if (!isPartEnd(text, at + 1)) continue;
      if (!this.#beginnings.has(hash)) break;
      mayBegin = true;
      if (this.#whole.has(hash) && this.#names.has(folded(text.slice(start, at + 1)))) end = at + 1;
    }
    return mayBegin ? Math.max(end, this.#joinedEnd(text, start)) : start;
  }

  #joinedEnd(text: string, start: number): number {
    const stop = Math.min(text.length, start + 2 * this.#longest);
    let hash = NO_CHARACTERS;
    let end = start;
    for (let at = start; at < stop; at++) {
      const unit = text.charCodeAt(at);
      if (unit === HYPHEN || unit === LOW_LINE || unit === FULL_STOP) {
        if (at === start || classAt(text, at + 1) === SEPARATOR) break;
        continue;
      }
      hash = hashed(hash, unit);
      if (!isPartEnd(text, at + 1)) continue;
      if (!this.#beginnings.has(hash)) break;
      if (this.#whole.has(hash) && this.#joined.has(unjoined(folded(text.slice(start, at + 1)))))
        end = at + 1;
    }
    return end;
  }

  #add(name: string): void {
    let hash = NO_CHARACTERS;
    for (let at = 0; at < name.length; at++) {
      hash = hashed(hash, name.charCodeAt(at));
      this.#beginnings.add(hash);
    }
    this.#whole.add(hash);
  }
}

function isJoined(name: string): boolean {
  return JOINED.test(name) && name.replace(/[^a-z]/g, '').length >= FEWEST_LETTERS;
}

function unjoined(name: string): string {
  return name.replace(JOINERS, '');
}
