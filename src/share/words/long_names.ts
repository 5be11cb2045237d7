import { FOLDED, folded } from './characters.js';
import type { Found } from './finder.js';

/** So long a name says who it is of within another word too: `recommendationservices`. */
const SHORTEST = 12;
/** Units that are looked at together. */
const BLOCK = 4;
/** Where the last block of a name's first units begins. */
const LAST = SHORTEST - BLOCK;
const LARGEST_TABLE = 24;
/** Entries of the table for each block of a name: fewer, and blocks meet by chance. */
const SPARSE = 8;

/**
 * Finds long names anywhere in a text, within words too, without regard to case (Wu and Manber, "A fast algorithm for
 * multi-pattern searching", 1994): mostly one block of four units in nine is looked at.
 */
export class LongNames {
  readonly #names: ReadonlySet<string>;
  /** Lengths of the names that begin with the same units, the longest first. */
  readonly #lengths = new Map<string, number[]>();
  /** How far on the next place is where a name may begin, by the block that is looked at. */
  readonly #shifts: Uint8Array;
  readonly #bits: number;

  constructor(names: Iterable<string>) {
    this.#names = new Set([...names].filter(({ length }) => length >= SHORTEST).map(folded));
    const blocks = this.#names.size * (LAST + 1);
    this.#bits = Math.min(LARGEST_TABLE, Math.ceil(Math.log2(SPARSE * blocks + 256)));
    this.#shifts = new Uint8Array(2 ** this.#bits).fill(LAST + 1);
    for (const name of this.#names) this.#add(name);
  }

  /** Tells of each name that begins behind the one before, of those that begin in one place the longest. */
  each(text: string, tell: (found: Found) => void): void {
    for (let found = this.first(text, 0); found !== undefined; found = this.first(text, found.end))
      tell(found);
  }

  /** The first name from an offset on, of those that begin there the longest. */
  first(text: string, from: number): Found | undefined {
    if (this.#names.size === 0) return undefined;
    for (let at = from + LAST; at + BLOCK <= text.length; ) {
      const shift = this.#shifts[this.#block(text, at)] ?? 0;
      if (shift === 0) {
        const start = at - LAST;
        const end = this.#end(text, start);
        if (end > start) return { start, end, isKnown: true };
      }
      at += shift || 1;
    }
    return undefined;
  }

  #end(text: string, start: number): number {
    for (const length of this.#lengths.get(folded(text.slice(start, start + SHORTEST))) ?? []) {
      if (this.#names.has(folded(text.slice(start, start + length)))) return start + length;
    }
    return start;
  }

  #add(name: string): void {
    const beginning = name.slice(0, SHORTEST);
    const lengths = this.#lengths.get(beginning) ?? [];
    if (!lengths.includes(name.length)) lengths.push(name.length);
    this.#lengths.set(
      beginning,
      lengths.sort((a, b) => b - a),
    );
    for (let at = 0; at <= LAST; at++) {
      const block = this.#block(name, at);
      this.#shifts[block] = Math.min(this.#shifts[block] ?? 0, LAST - at);
    }
  }

  #block(text: string, at: number): number {
    let hash = 0;
    for (let i = at; i < at + BLOCK; i++) hash = Math.imul(hash, 0x1f3) ^ (FOLDED[text.charCodeAt(i)] ?? 0);
    return Math.imul(hash, 0x9e3779b1) >>> (32 - this.#bits);
  }
}
