import { grown, int32s } from '../tape/columns/column.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Shorter attributes than this are not remembered, … */
const SHORTEST = 8;
/** … nor longer ones, … */
const LONGEST = 256;
/** … and what is takes so many words of four bytes at most. */
const OFFSET_BITS = 17;
const MOST_WORDS = 1 << OFFSET_BITS;
/** So many attributes are remembered at a time: a power of two. */
const PLACES = 1 << 14;

/** What became of an attribute. */
export interface Attribute {
  /** Number of its key among the known keys. */
  readonly key: number;
  /** Number of the key's text in the pool. */
  readonly keyText: number;
  /** Number of the value's text in the pool. */
  readonly text: number;
  /** Letter of the value's type, as a character code. */
  readonly letter: number;
  /** The value as a 32-bit integer, where it is one. */
  readonly int32: number | undefined;
}

// All that is remembered of an attribute lies side by side: what takes time is to get it from memory.
const SIZE = 0;
const KEY = 1;
const KEY_TEXT = 2;
const TEXT = 3;
/** The letter, and above it whether there is an integer. */
const LETTER = 4;
const INT32 = 5;
/** Where the attribute that came next the last time is. */
const NEXT = 6;
/** The last sixteen bytes, four a word, or twice some of these where there are fewer; then the others in order. */
const LAST = 7;
const BYTES = 11;
const BLOCK = 16;
const HAS_INT32 = 1 << 8;

/**
 * Attributes that came before: KeyValues by all of their bytes, and what became of them. Each is at one of two places
 * that its bytes tell, where it displaces another.
 */
export class KnownAttributes {
  /** Where the attribute of each place is among the words, 0 for none, and above that the upper bits of its hash. */
  private readonly places = new Int32Array(PLACES);
  private words = new Int32Array(1 << 10);
  /** Words in use. */
  private used = 1;

  /** Forgets all and keeps the memory. */
  clear(): void {
    this.places.fill(0);
    this.used = 1;
  }

  /** Where the attribute with these bytes is; 0 if it is not known. `expected` is the place to look at first, 0 for none. */
  find({ view }: ProtobufReader, start: number, stop: number, expected: number): number {
    if (stop - start < SHORTEST) return 0;
    if (expected > 0 && this.isAt(expected, view, start, stop)) return expected;
    const hash = hashOf(view, start, stop);
    const place = hash & (PLACES - 2);
    const first = this.match(place, hash, view, start, stop);
    return first > 0 ? first : this.match(place + 1, hash, view, start, stop);
  }

  key(at: number): number {
    return this.words[at + KEY] ?? 0;
  }

  keyText(at: number): number {
    return this.words[at + KEY_TEXT] ?? 0;
  }

  text(at: number): number {
    return this.words[at + TEXT] ?? 0;
  }

  letter(at: number): number {
    return (this.words[at + LETTER] ?? 0) & (HAS_INT32 - 1);
  }

  int32(at: number): number | undefined {
    return (this.words[at + LETTER] ?? 0) >= HAS_INT32 ? this.words[at + INT32] : undefined;
  }

  /** Where the attribute is that came after this one the last time, 0 for none. */
  next(at: number): number {
    return this.words[at + NEXT] ?? 0;
  }

  /** Takes note of what comes after an attribute. */
  follow(at: number, next: number): void {
    this.words[at + NEXT] = next;
  }

  /**
   * Remembers the attribute with these bytes, unless it is too short or too long, or there is no room. Returns where it is,
   * 0 for nowhere.
   */
  learn({ view }: ProtobufReader, start: number, stop: number, learnt: Attribute): number {
    const { key, keyText, text, letter, int32 } = learnt;
    const size = stop - start;
    if (size < SHORTEST || size > LONGEST || this.used > MOST_WORDS - LONGEST) return 0;
    const at = this.used;
    this.used += BYTES + Math.ceil(Math.max(0, size - BLOCK) / BLOCK) * 4;
    if (this.used > this.words.length) this.words = grown(this.words, int32s, this.used);
    const { words, places } = this;
    words[at + SIZE] = size;
    words[at + KEY] = key;
    words[at + KEY_TEXT] = keyText;
    words[at + TEXT] = text;
    words[at + LETTER] = letter | (int32 === undefined ? 0 : HAS_INT32);
    words[at + INT32] = int32 ?? 0;
    words[at + NEXT] = 0;
    writeBlock(words, at + LAST, view, Math.max(start, stop - BLOCK), stop - 8);
    for (let i = start, to = at + BYTES; i < stop - BLOCK; i += BLOCK, to += 4)
      writeBlock(words, to, view, i, i + 8);
    const hash = hashOf(view, start, stop);
    const place = hash & (PLACES - 2);
    places[place + 1] = places[place] ?? 0;
    places[place] = (hash & ~(MOST_WORDS - 1)) | at;
    return at;
  }

  /** Where the attribute of a place is, if it has this hash and these bytes; else 0. */
  private match(place: number, hash: number, view: DataView, start: number, stop: number): number {
    const word = this.places[place] ?? 0;
    const at = word & (MOST_WORDS - 1);
    return (word ^ hash) >>> OFFSET_BITS === 0 && this.isAt(at, view, start, stop) ? at : 0;
  }

  /** Whether the attribute there has these bytes. */
  private isAt(at: number, view: DataView, start: number, stop: number): boolean {
    const { words } = this;
    if (words[at + SIZE] !== stop - start) return false;
    if (!isBlock(words, at + LAST, view, Math.max(start, stop - BLOCK), stop - 8)) return false;
    for (let i = start, known = at + BYTES; i < stop - BLOCK; i += BLOCK, known += 4) {
      if (!isBlock(words, known, view, i, i + 8)) return false;
    }
    return true;
  }
}

/** Puts eight bytes from `i` and eight from `k` on into words. */
function writeBlock(words: Int32Array, at: number, view: DataView, i: number, k: number): void {
  words[at] = view.getInt32(i, true);
  words[at + 1] = view.getInt32(i + 4, true);
  words[at + 2] = view.getInt32(k, true);
  words[at + 3] = view.getInt32(k + 4, true);
}

/** Whether words hold the eight bytes from `i` and the eight from `k` on: without a loop, which is slower. */
function isBlock(words: Int32Array, at: number, view: DataView, i: number, k: number): boolean {
  const first =
    ((words[at] ?? 0) ^ view.getInt32(i, true)) | ((words[at + 1] ?? 0) ^ view.getInt32(i + 4, true));
  const second =
    ((words[at + 2] ?? 0) ^ view.getInt32(k, true)) | ((words[at + 3] ?? 0) ^ view.getInt32(k + 4, true));
  return (first | second) === 0;
}

/** A hash of the size and of twelve of the bytes, the last eight and some in the middle: most often all that differs. */
function hashOf(view: DataView, start: number, stop: number): number {
  const size = stop - start;
  let hash = Math.imul(view.getInt32(stop - 4, true) ^ size, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(stop - 8, true), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ view.getInt32(start + (size >> 1) - 2, true), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
