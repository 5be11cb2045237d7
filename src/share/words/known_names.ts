import { classAt, folded, isPartEndBetween, isWordClass, LAST_OF_ASCII, SEPARATOR } from './characters.js';
import { HashFilter, hashed, NO_CHARACTERS } from './hash_filter.js';

/** What joins the parts of a name, and changes with where it is written: `cart-eu`, `CART_EU_SERVICE_HOST`, `CartEu`. */
const JOINERS = /[-_.]/g;
const HYPHEN = 0x2d;
const LOW_LINE = 0x5f;
const FULL_STOP = 0x2e;
const JOINED = /^[a-z0-9]+(?:[-_.]+[a-z0-9]+)+$/i;
/** With fewer letters its parts, written as one, are any word. */
const FEWEST_LETTERS = 8;

/**
 * Finds the longest known name that begins somewhere, without regard to case. Filters of the hashes of names and of
 * everything that names begin with say no for nearly every word of a text, without a string being made; sets of the
 * names have the last word.
 */
export class KnownNames {
  /** Names, and those of several parts also without what joins these. */
  readonly #names: ReadonlySet<string>;
  /** Names of several parts without what joins these. */
  readonly #joined: ReadonlySet<string>;
  readonly #whole: HashFilter;
  readonly #beginnings: HashFilter;
  /** Of the beginnings those behind which a word of the name ends. */
  readonly #words: HashFilter;
  /** By length whether a name has it. */
  readonly #lengths: Uint8Array;

  constructor(names: Iterable<string>) {
    const known = new Set([...names].map(folded));
    this.#joined = new Set([...known].filter(isJoined).map(unjoined));
    this.#names = new Set([...known, ...this.#joined]);
    let [longest, units] = [0, 0];
    for (const { length } of this.#names) {
      longest = Math.max(longest, length);
      units += length;
    }
    this.#lengths = new Uint8Array(longest + 1);
    this.#whole = new HashFilter(this.#names.size);
    this.#beginnings = new HashFilter(units);
    this.#words = new HashFilter(units);
    for (const name of this.#names) this.#add(name);
  }

  /** Whether a name may begin with characters of this hash. */
  mayBegin(hash: number): boolean {
    return this.#beginnings.has(hash);
  }

  /** Whether a name may begin with characters of this hash, and end with them or go on with a code unit. */
  mayBeginBefore(hash: number, unit: number): boolean {
    return this.mayBegin(hash) && (this.#whole.has(hash) || this.mayBegin(hashed(hash, unit)));
  }

  /** Whether a name may begin with a word of this hash, which ends at an offset of a text. */
  mayBeginWithWord(hash: number, text: string, end: number): boolean {
    // Behind a joiner a part of the name may go on; a letter beyond ASCII may be one of ASCII in lower case.
    const goesOn = end < text.length && (isJoinerAt(text, end) || text.charCodeAt(end) > LAST_OF_ASCII);
    return goesOn ? this.#beginnings.has(hash) : this.#words.has(hash);
  }

  /**
   * Where the longest name ends that begins at an offset and is made of whole parts, whatever joins them: `-`, `_`, `.`, or
   * nothing; the offset where none does.
   */
  end(text: string, start: number): number {
    return this.#end(text, start, start, NO_CHARACTERS, false);
  }

  /**
   * The same where characters up to an offset have been looked at.
   *
   * @param hash of these
   * @param passes whether joiners are passed over
   */
  #end(text: string, start: number, from: number, hash: number, passes: boolean): number {
    const stop = Math.min(text.length, start + (passes ? 2 : 1) * (this.#lengths.length - 1));
    const ends: number[] = [];
    let length = from - start;
    let endOfJoined = start;
    let next = classAt(text, from);
    let isBeforeJoiners = !passes;
    for (let at = from; at < stop; at++) {
      const kind = next;
      next = classAt(text, at + 1);
      if (kind === SEPARATOR && at > start && isJoinerAt(text, at)) {
        if (passes) continue;
        // Up to the first joiner all is the same for both.
        if (isBeforeJoiners) endOfJoined = this.#end(text, start, at, hash, true);
        isBeforeJoiners = false;
      }
      hash = hashed(hash, text.charCodeAt(at));
      length++;
      if (!isPartEndBetween(kind, next, text, at + 1)) continue;
      if (!this.#beginnings.has(hash)) break;
      if (this.#lengths[length] === 1 && this.#whole.has(hash)) ends.push(at + 1);
    }
    // One of these is looked at mostly, as a name may be long, and what it begins with be names too.
    const end = ends.findLast((at) => this.#has(folded(text.slice(start, at)), passes)) ?? start;
    return Math.max(end, endOfJoined);
  }

  #has(name: string, passes: boolean): boolean {
    return passes ? this.#joined.has(unjoined(name)) : this.#names.has(name);
  }

  #add(name: string): void {
    let hash = NO_CHARACTERS;
    for (let at = 0; at < name.length; at++) {
      hash = hashed(hash, name.charCodeAt(at));
      this.#beginnings.add(hash);
      if (!isWordClass(classAt(name, at)) || !isWordClass(classAt(name, at + 1))) this.#words.add(hash);
    }
    this.#whole.add(hash);
    this.#lengths[name.length] = 1;
  }
}

/** Whether a joiner stands at an offset, and a part behind it. */
function isJoinerAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit === HYPHEN || unit === LOW_LINE || unit === FULL_STOP) && classAt(text, at + 1) !== SEPARATOR;
}

function isJoined(name: string): boolean {
  return JOINED.test(name) && name.replace(/[^a-z]/g, '').length >= FEWEST_LETTERS;
}

function unjoined(name: string): string {
  return name.replace(JOINERS, '');
}
