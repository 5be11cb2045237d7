import { grown, int32s } from '../tape/columns/column.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Shorter attributes than this are not remembered, … */
const SHORTEST = 8;
/** … nor longer ones, … */
const LONGEST = 256;
/** … and what is takes so many words of four bytes at most. */
const OFFSET_BITS = 19;
const MOST_WORDS = 1 << OFFSET_BITS;
/** So many attributes are remembered at a time: a power of two. */
const PLACES = 1 << 14;

/** What became of an attribute. */
export interface Attribute {
  /** Number of its key among the known keys. */
  readonly key: number;
  /** Number of the value's text in the pool; negative for NULL. */
  readonly text: number;
  /** Letter of the value's type, as a character code. */
  readonly letter: number;
  /** The value as a 32-bit integer, where it is one. */
  readonly int32: number | undefined;
}

// All that is remembered of an attribute lies side by side: what takes time is to get it from memory.
const SIZE = 0;
const KEY = 1;
const TEXT = 2;
/** The letter, and above it whether there is an integer. */
const LETTER = 3;
const INT32 = 4;
/** The last four bytes, then those before, four a word. */
const LAST = 5;
const BYTES = 6;
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

  /** Where the attribute with these bytes is; 0 if it is not known. */
  find({ view }: ProtobufReader, start: number, stop: number): number {
    if (stop - start < SHORTEST) return 0;
    const hash = hashOf(view, start, stop);
    const place = hash & (PLACES - 2);
    const first = this.match(place, hash, view, start, stop);
    return first > 0 ? first : this.match(place + 1, hash, view, start, stop);
  }

  key(at: number): number {
    return this.words[at + KEY] ?? 0;
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

  /** Remembers the attribute with these bytes, unless it is too short or too long, or there is no room. */
  learn({ view }: ProtobufReader, start: number, stop: number, learnt: Attribute): void {
    const { key, text, letter, int32 } = learnt;
    const size = stop - start;
    if (size < SHORTEST || size > LONGEST || this.used > MOST_WORDS - LONGEST) return;
    const at = this.used;
    this.used += BYTES + ((size - 1) >> 2);
    if (this.used > this.words.length) this.words = grown(this.words, int32s, this.used);
    const { words, places } = this;
    words[at + SIZE] = size;
    words[at + KEY] = key;
    words[at + TEXT] = text;
    words[at + LETTER] = letter | (int32 === undefined ? 0 : HAS_INT32);
    words[at + INT32] = int32 ?? 0;
    words[at + LAST] = view.getInt32(stop - 4, true);
    for (let i = start, word = at + BYTES; i < stop - 4; i += 4, word++) words[word] = view.getInt32(i, true);
    const hash = hashOf(view, start, stop);
    const place = hash & (PLACES - 2);
    places[place + 1] = places[place] ?? 0;
    places[place] = (hash & ~(MOST_WORDS - 1)) | at;
  }

  /** Where the attribute of a place is, if it has this hash and these bytes; else 0. */
  private match(place: number, hash: number, view: DataView, start: number, stop: number): number {
    const { words } = this;
    const word = this.places[place] ?? 0;
    const at = word & (MOST_WORDS - 1);
    if ((word ^ hash) >>> OFFSET_BITS !== 0 || words[at + SIZE] !== stop - start) return 0;
    const last = stop - 4;
    if (words[at + LAST] !== view.getInt32(last, true)) return 0;
    for (let i = start, known = at + BYTES; i < last; i += 4, known++) {
      if (words[known] !== view.getInt32(i, true)) return 0;
    }
    return at;
  }
}

/** A hash of the size and of twelve of the bytes, the last eight and some in the middle: most often all that differs. */
function hashOf(view: DataView, start: number, stop: number): number {
  const size = stop - start;
  let hash = Math.imul(view.getInt32(stop - 4, true) ^ size, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(stop - 8, true), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ view.getInt32(start + (size >> 1) - 2, true), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
