import type { IdentifierKind } from '../leak.js';
import { BitFilter } from './bit_filter.js';
import { isEdgeOfWord, isWholeAddress, LOWER, TRAITS_AND_LOWER } from './bytes.js';

/** Something to look for: lower-case, at least MIN_PATTERN bytes. */
export interface Pattern {
  readonly text: string;
  /** The identifier as it stands in the original tape. */
  readonly original: string;
  readonly kind: IdentifierKind;
  /** Whether it is found within longer words too. */
  readonly isAnywhere: boolean;
}

/** Shorter identifiers occur by chance. */
export const MIN_PATTERN = 4;

/** A name of so many characters, as it stands, is found within longer words too; any other only as a word or as a part in camelCase. */
const ANYWHERE = 12;

/** Told of each pattern that is found: the bytes from `start` to `end` are it. */
export type Found = (pattern: Pattern, start: number, end: number) => void;

/** What is looked for in texts: an identifier, its kind, and the way in which it may be written. */
export type PatternText = readonly [original: string, kind: IdentifierKind, text: string];

/**
 * Looks for many patterns at once, in any case of letters. At each place the four bytes from there are looked up, in bits
 * that say which beginnings of four bytes patterns have: most places are passed over by them alone; where patterns
 * begin so, the hash of as many bytes as each length that such patterns have.
 */
export class Patterns {
  /** Lengths of the patterns that begin with four bytes, rising. */
  private readonly lengths = new Map<number, number[]>();
  private readonly byHash = new Map<number, Pattern[]>();
  private readonly known = new Set<string>();
  private readonly beginnings: BitFilter;
  private readonly hashes: BitFilter;

  constructor(texts: readonly PatternText[]) {
    // As they stand first: what may be within longer words must not be left out for a form that may not.
    for (const [original, kind, text] of texts) if (text === original) this.add(original, kind, text);
    for (const [original, kind, text] of texts) if (text !== original) this.add(original, kind, text);
    for (const lengths of this.lengths.values()) lengths.sort((a, b) => a - b);
    this.beginnings = new BitFilter(this.lengths);
    this.hashes = new BitFilter(this.byHash);
  }

  /** Adds one; those that are too short are left out, and of two that differ in the case of letters the second. */
  private add(original: string, kind: IdentifierKind, text: string): void {
    const bytes = lowered(text);
    const key = bytes.toString('latin1');
    if (bytes.length < MIN_PATTERN || this.known.has(key)) return;
    this.known.add(key);
    const isAnywhere = text.length >= ANYWHERE && (kind === 'secret' || text === original);
    const pattern = { text: key, original, kind, isAnywhere };
    const gram = bytes.readInt32BE(0);
    const lengths = this.lengths.get(gram);
    if (lengths === undefined) this.lengths.set(gram, [bytes.length]);
    else if (!lengths.includes(bytes.length)) lengths.push(bytes.length);
    const hash = bytes.reduce(hashedByte, FIRST_HASH);
    const same = this.byHash.get(hash);
    if (same === undefined) this.byHash.set(hash, [pattern]);
    else same.push(pattern);
  }

  /**
   * Finds all patterns within `bytes` from `start` to `end`; what stands before and after is no part of the text.
   * Returns the traits of all the bytes.
   */
  search(bytes: Uint8Array, start: number, end: number, found: Found): number {
    const { beginnings } = this;
    let gram = 0;
    let traits = 0;
    for (let i = start; i < end; i++) {
      const byte = TRAITS_AND_LOWER[bytes[i] ?? 0] ?? 0;
      traits |= byte;
      gram = (gram << 8) | (byte & 255);
      if (beginnings.mayHave(gram) && i >= start + 3) this.tryAt(bytes, start, end, i - 3, gram, found);
    }
    return traits;
  }

  private tryAt(bytes: Uint8Array, start: number, end: number, at: number, gram: number, found: Found): void {
    let hash = FIRST_HASH;
    let hashed = at;
    for (const length of this.lengths.get(gram) ?? []) {
      const last = at + length;
      if (last > end) return;
      while (hashed < last) hash = hashedByte(hash, bytes[hashed++] ?? 0);
      if (!this.hashes.mayHave(hash)) continue;
      for (const pattern of this.byHash.get(hash) ?? []) {
        if (!isAt(pattern.text, bytes, at, length)) continue;
        if (isWhole(pattern, bytes, start, end, at, last)) found(pattern, at, last);
      }
    }
  }
}

/** FNV-1a of bytes in lower case: of none, and with one more. */
const FIRST_HASH = 0x811c9dc5;
function hashedByte(hash: number, byte: number): number {
  return Math.imul(hash ^ (LOWER[byte] ?? 0), 0x01000193);
}

function isAt(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (LOWER[bytes[at + i] ?? 0] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether what was found stands for itself, and is no chance part of a longer word or address. */
function isWhole(
  { kind, isAnywhere }: Pattern,
  bytes: Uint8Array,
  start: number,
  end: number,
  first: number,
  last: number,
): boolean {
  if (kind === 'address') return isWholeAddress(bytes, start, end, first, last);
  if (isAnywhere) return true;
  return isEdgeOfWord(bytes, start, end, first) && isEdgeOfWord(bytes, start, end, last);
}

function lowered(text: string): Buffer {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i++) bytes[i] = LOWER[bytes[i] ?? 0] ?? 0;
  return bytes;
}
