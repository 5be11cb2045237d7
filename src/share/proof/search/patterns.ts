import type { IdentifierKind } from '../leak.js';
import { isEdgeOfWord, isWholeAddress, LOWER } from './bytes.js';
import { Hash } from './hash_set.js';

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

/** So long a name, as it stands, is found within longer words too; any other only as a word or as a part in camelCase. */
const ANYWHERE = 12;

/** Told of each pattern that is found: the bytes from `start` to `end` are it. */
export type Found = (pattern: Pattern, start: number, end: number) => void;

/** Bits that say which beginnings of four bytes occur: most places in a text are passed over by them alone. */
const GRAM_BITS = 24;

/**
 * Looks for many patterns at once, in any case of letters. At each place the four bytes from there are looked up;
 * where patterns begin with them, the hash of as many bytes as each length that such patterns have.
 */
export class Patterns {
  private readonly grams = new Uint32Array(2 ** (GRAM_BITS - 5));
  /** Lengths of the patterns that begin with four bytes, rising. */
  private readonly lengths = new Map<number, number[]>();
  private readonly byHash = new Map<number, Pattern[]>();
  private readonly known = new Set<string>();
  private readonly hash = new Hash();

  get size(): number {
    return this.known.size;
  }

  /** Adds one; those that are too short are left out, and of two that differ in the case of letters the second. */
  add(original: string, kind: IdentifierKind, text = original): void {
    const bytes = lowered(text);
    const key = bytes.toString('latin1');
    if (bytes.length < MIN_PATTERN || this.known.has(key)) return;
    this.known.add(key);
    const isAnywhere = kind === 'secret' || (text === original && bytes.length >= ANYWHERE);
    const pattern = { text: key, original, kind, isAnywhere };
    const gram = bytes.readUInt32BE(0);
    const bit = gramBit(gram);
    this.grams[bit >>> 5] = (this.grams[bit >>> 5] ?? 0) | (1 << (bit & 31));
    const lengths = this.lengths.get(gram) ?? [];
    if (!lengths.includes(bytes.length)) lengths.push(bytes.length);
    this.lengths.set(
      gram,
      lengths.sort((a, b) => a - b),
    );
    const { a } = this.hash.bytes(bytes, 0, bytes.length);
    this.byHash.set(a, [...(this.byHash.get(a) ?? []), pattern]);
  }

  /** Finds all patterns within `bytes` from `start` to `end`; what stands before and after is no part of the text. */
  search(bytes: Uint8Array, start: number, end: number, found: Found): void {
    const { grams } = this;
    let gram = 0;
    for (let i = start; i < end; i++) {
      gram = ((gram << 8) | (LOWER[bytes[i] ?? 0] ?? 0)) >>> 0;
      if (i < start + 3) continue;
      const bit = gramBit(gram);
      if (((grams[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) this.tryAt(bytes, start, end, i - 3, gram, found);
    }
  }

  private tryAt(bytes: Uint8Array, start: number, end: number, at: number, gram: number, found: Found): void {
    const lengths = this.lengths.get(gram);
    if (lengths === undefined) return;
    const { hash } = this;
    for (const length of lengths) {
      if (at + length > end) return;
      hash.start();
      for (let i = at; i < at + length; i++) hash.byte(LOWER[bytes[i] ?? 0] ?? 0);
      for (const pattern of this.byHash.get(hash.end().a) ?? []) {
        if (!isAt(pattern.text, bytes, at, length)) continue;
        if (isWhole(pattern, bytes, start, end, at, at + length)) found(pattern, at, at + length);
      }
    }
  }
}

function gramBit(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - GRAM_BITS);
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
