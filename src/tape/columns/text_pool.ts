import { isUtf8 } from 'node:buffer';
import { DecodeError } from '../../errors.js';
import { grown, int32s } from './column.js';
import { writeHex } from './hex.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Below this many bytes a loop copies faster than a call into the engine. */
const SHORT = 96;

/** The same for strings. */
const SHORT_STRING = 24;

/** More text than this in one batch is refused. */
const MAX_TEXT_BYTES = 512 << 20;

/** Most pools of a share hold a few texts, and there are a hundred for each row group. */
const FIRST_BYTES = 1 << 11;
const FIRST_TEXTS = 64;

/**
 * The texts of a batch by number: columns keep numbers, and a text that comes again has the number it had before.
 * All bytes lie side by side, in the order of the numbers; an open-addressing table finds a text by its bytes, so that
 * the hot path makes no string.
 */
export class TextPool {
  /** How many texts there are. */
  count = 0;
  /** UTF-8 of all texts. Replaced when it grows, with its view. */
  data: Uint8Array<ArrayBuffer>;
  view: DataView;
  /** Where each text begins in `data`, and after the last one, where it ends. Replaced when it grows. */
  starts: Int32Array<ArrayBuffer>;
  /** Changes when all numbers lose their meaning. */
  generation = 0;
  /** The same bytes, of which strings are made several times faster. */
  private buffer: Buffer;
  /** Bytes of `data` in use. */
  private used = 0;
  /** Pairs of a text's number + 1 (0 is a free slot) and its hash. */
  private slots = new Int32Array(FIRST_TEXTS * 4);
  private mask = FIRST_TEXTS * 2 - 1;
  /** Texts that the table holds: those that `add` appended are not looked for. */
  private listed = 0;

  /** Has room for so many bytes of so many texts before it grows. */
  constructor(bytes = FIRST_BYTES, texts = FIRST_TEXTS) {
    this.data = new Uint8Array(bytes);
    this.view = new DataView(this.data.buffer);
    this.buffer = Buffer.from(this.data.buffer);
    this.starts = new Int32Array(texts + 1);
  }

  /** Memory in use, in bytes, about. */
  get bytes(): number {
    return this.used + this.count * 4 + this.listed * 16;
  }

  /** Number of the text that these bytes are, which the caller knows to be valid UTF-8. */
  intern(from: Uint8Array, start: number, end: number): number {
    const hash = hashOf(from, start, end);
    const slot = this.slotOf(hash, from, start, end);
    const known = this.slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    return this.list(slot, hash, this.add(from, start, end));
  }

  /** Number of a new text of these bytes, without looking whether there is one already. */
  add(from: Uint8Array, start: number, end: number): number {
    this.copy(from, start, end);
    return this.next();
  }

  /** Number of the first of new texts: each `size` of the bytes from `start` on, in lower-case hex. */
  addHex(from: Uint8Array, start: number, size: number, texts = 1): number {
    const first = this.count;
    this.room(texts * size * 2);
    this.roomForTexts(texts);
    const { starts } = this;
    writeHex(from, start, start + texts * size, this.view, this.used);
    for (let i = 0; i < texts; i++) {
      this.used += size * 2;
      starts[++this.count] = this.used;
    }
    return first;
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

  /** As `add`, for bytes from outside: -1 where they are not valid UTF-8. */
  addUtf8(from: Uint8Array, start: number, end: number): number {
    if (this.copy(from, start, end) < 0x80 || isUtf8(from.subarray(start, end))) return this.next();
    this.used = this.starts[this.count] ?? 0;
    return -1;
  }

  /**
   * Adds texts that lie side by side in bytes from outside, from `start` on; false, and nothing is added, where one is
   * not valid UTF-8.
   * @param lengths of each text its bytes, at every other place
   */
  addAllUtf8(from: Uint8Array, start: number, lengths: Int32Array): boolean {
    let end = start;
    for (let i = 0; i < lengths.length; i += 2) {
      // Were the first byte the rest of a character, two texts could be valid together only.
      if (lengths[i] !== 0 && ((from[end] ?? 0) & 0xc0) === 0x80) return false;
      end += lengths[i] ?? 0;
    }
    if (!isUtf8(from.subarray(start, end))) return false;
    this.room(end - start);
    this.data.set(from.subarray(start, end), this.used);
    this.roomForTexts(lengths.length / 2);
    for (let i = 0; i < lengths.length; i += 2) {
      this.used += lengths[i] ?? 0;
      this.starts[++this.count] = this.used;
    }
    return true;
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

  /** Number of a new text, without looking whether there is one already; a lone surrogate becomes U+FFFD. */
  addString(text: string): number {
    this.writeString(text);
    return this.next();
  }

  /** Number of the text that `write` puts into `data` from `at` on, at most `most` bytes; it returns the end. */
  internWritten(most: number, write: (data: Uint8Array, at: number) => number): number {
    const start = this.used;
    this.write(most, write);
    return this.internLast(start);
  }

  /** As `internWritten`, without looking whether there is such a text already. */
  addWritten(most: number, write: (data: Uint8Array, at: number) => number): number {
    this.write(most, write);
    return this.next();
  }

  /** Length of a text in bytes. */
  size(text: number): number {
    return (this.starts[text + 1] ?? 0) - (this.starts[text] ?? 0);
  }

  /** Whether a text is made of the bytes between the offsets: four at a time, the last four overlapping those before. */
  equals(text: number, from: DataView, start: number, end: number): boolean {
    const { view } = this;
    const at = this.starts[text] ?? 0;
    const size = end - start;
    if (this.size(text) !== size) return false;
    const last = size - 4;
    if (last < 0) {
      for (let i = 0; i < size; i++) if (view.getUint8(at + i) !== from.getUint8(start + i)) return false;
      return true;
    }
    if (view.getInt32(at + last, true) !== from.getInt32(start + last, true)) return false;
    for (let i = 0; i < last; i += 4) {
      if (view.getInt32(at + i, true) !== from.getInt32(start + i, true)) return false;
    }
    return true;
  }

  string(text: number): string {
    return this.buffer.toString('utf8', this.starts[text], this.starts[text + 1]);
  }

  /** Forgets all texts and keeps the memory. */
  clear(): void {
    if (this.listed > 0) this.slots.fill(0);
    this.count = 0;
    this.used = 0;
    this.listed = 0;
    this.generation++;
  }

  private write(most: number, write: (data: Uint8Array, at: number) => number): void {
    this.room(most);
    this.used = write(this.data, this.used);
  }

  private writeString(text: string): void {
    this.room(text.length * 3);
    this.used += this.writeAscii(text) ? text.length : this.buffer.write(text, this.used);
  }

  /** Writes a short string of ASCII to the end; false, and what stands there is anything, where it is another. */
  private writeAscii(text: string): boolean {
    const { data, used } = this;
    if (text.length > SHORT_STRING) return false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return false;
      data[used + i] = code;
    }
    return true;
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

  /** Ends the text whose bytes were appended. */
  private next(): number {
    this.roomForTexts(1);
    this.starts[this.count + 1] = this.used;
    return this.count++;
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

  /** Copies bytes to the end; returns all of them or-ed together where they are few, else 0xff. */
  private copy(from: Uint8Array, start: number, end: number): number {
    const size = end - start;
    this.room(size);
    if (size > SHORT) {
      this.data.set(from.subarray(start, end), this.used);
      this.used += size;
      return 0xff;
    }
    const { data } = this;
    let at = this.used;
    let bits = 0;
    for (let i = start; i < end; i++) {
      const byte = from[i] ?? 0;
      bits |= byte;
      data[at++] = byte;
    }
    this.used = at;
    return bits;
  }

  private roomForTexts(texts: number): void {
    const length = this.count + texts + 1;
    if (length > this.starts.length) this.starts = grown(this.starts, int32s, length);
  }

  private room(bytes: number): void {
    if (this.used + bytes > this.data.length) this.grow(bytes);
  }

  private grow(bytes: number): void {
    if (this.used + bytes > MAX_TEXT_BYTES) {
      throw new DecodeError(
        `${this.used + bytes} bytes of text in one batch; expected at most ${MAX_TEXT_BYTES}`,
      );
    }
    const larger = new Uint8Array(Math.max(this.data.length * 2, this.used + bytes));
    larger.set(this.data.subarray(0, this.used));
    this.data = larger;
    this.view = new DataView(larger.buffer);
    this.buffer = Buffer.from(larger.buffer);
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
