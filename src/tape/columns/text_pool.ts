import { Texts } from './texts.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Slots of an empty table. */
const FIRST_SLOTS = 128;

/**
 * The texts of a batch by number: columns keep numbers, and a text that comes again has the number it had before. An
 * open-addressing table finds a text by its bytes, so that the hot path makes no string.
 */
export class TextPool extends Texts {
  /** Pairs of a text's number + 1 (0 is a free slot) and its hash. */
  private slots = new Int32Array(FIRST_SLOTS * 2);
  private mask = FIRST_SLOTS - 1;
  /** Texts that the table holds: those that `add` appended are not looked for. */
  private listed = 0;

  /** Memory in use, in bytes, about. */
  override get bytes(): number {
    return super.bytes + this.listed * 16;
  }

  /** Number of the text that these bytes are, which the caller knows to be valid UTF-8. */
  intern(from: Uint8Array, start: number, end: number): number {
    const hash = hashOf(from, start, end);
    const slot = this.slotOf(hash, from, start, end);
    const known = this.slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    return this.list(slot, hash, this.add(from, start, end));
  }

  /** As `intern`, for bytes from outside: -1 where they are not valid UTF-8. */
  internUtf8(from: Uint8Array, start: number, end: number): number {
    const hash = hashOf(from, start, end);
    const slot = this.slotOf(hash, from, start, end);
    const known = this.slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    const text = this.addUtf8(from, start, end);
    return text < 0 ? -1 : this.list(slot, hash, text);
  }

  /** Number of the text with each part that is not valid UTF-8 replaced by U+FFFD: no reader of Parquet takes it otherwise. */
  internMended(from: Uint8Array, start: number, end: number): number {
    return this.internString(decoder.decode(from.subarray(start, end)));
  }

  /** Number of a string; a lone surrogate becomes U+FFFD. */
  internString(text: string): number {
    const start = this.used;
    this.writeString(text);
    return this.internLast(start);
  }

  /** Number of the text that `write` puts into `data` from `at` on, at most `most` bytes; it returns the end. */
  internWritten(most: number, write: (data: Uint8Array, at: number) => number): number {
    const start = this.used;
    this.write(most, write);
    return this.internLast(start);
  }

  /** Forgets all texts and keeps the memory. */
  override clear(): void {
    if (this.listed > 0) this.slots.fill(0);
    this.listed = 0;
    super.clear();
  }

  /** Number of the text whose bytes were appended, which are taken back where there is such a text already. */
  private internLast(start: number): number {
    const { data, used } = this;
    const hash = hashOf(data, start, used);
    const slot = this.slotOf(hash, data, start, used);
    const known = this.slots[slot] ?? 0;
    if (known === 0) return this.list(slot, hash, this.next());
    this.used = start;
    return known - 1;
  }

  /** Slot of the text that these bytes are, else the free slot where it belongs. */
  private slotOf(hash: number, from: Uint8Array, start: number, end: number): number {
    const { slots, mask, data, starts } = this;
    const size = end - start;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const text = (slots[at * 2] ?? 0) - 1;
      if (text < 0) return at * 2;
      if (slots[at * 2 + 1] !== hash) continue;
      const known = starts[text] ?? 0;
      if ((starts[text + 1] ?? 0) - known !== size) continue;
      let i = 0;
      while (i < size && data[known + i] === from[start + i]) i++;
      if (i === size) return at * 2;
    }
  }

  private list(slot: number, hash: number, text: number): number {
    this.slots[slot] = text + 1;
    this.slots[slot + 1] = hash;
    if (++this.listed * 2 > this.mask) this.growSlots();
    return text;
  }

  private growSlots(): void {
    const { slots } = this;
    this.slots = new Int32Array(slots.length * 2);
    this.mask = slots.length - 1;
    for (let from = 0; from < slots.length; from += 2) {
      if (slots[from] === 0) continue;
      const hash = slots[from + 1] ?? 0;
      let at = hash & this.mask;
      while (this.slots[at * 2] !== 0) at = (at + 1) & this.mask;
      this.slots[at * 2] = slots[from] ?? 0;
      this.slots[at * 2 + 1] = hash;
    }
  }
}

/** A hash of the bytes, four at a time. */
function hashOf(from: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word =
      (from[i] ?? 0) | ((from[i + 1] ?? 0) << 8) | ((from[i + 2] ?? 0) << 16) | ((from[i + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ (from[i] ?? 0), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
