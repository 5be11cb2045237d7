import { isUtf8 } from 'node:buffer';
import { DecodeError } from '../../errors.js';
import { grown, int32s } from './column.js';
import { writeHex } from './hex.js';

/** Below this many bytes a loop copies faster than a call into the engine. */
const SHORT = 96;

/** The same for strings. */
const SHORT_STRING = 24;

/** More text than this in one batch is refused. */
const MAX_TEXT_BYTES = 512 << 20;

/** Most pools of a share hold a few texts, and there are a hundred for each row group. */
const FIRST_BYTES = 1 << 11;
const FIRST_TEXTS = 64;

/** Texts by number: all bytes lie side by side, in the order of the numbers. */
export class Texts {
  /** How many texts there are. */
  count = 0;
  /** UTF-8 of all texts. Replaced when it grows, with its view. */
  data: Uint8Array<ArrayBuffer>;
  view: DataView;
  /** Where each text begins in `data`, and after the last one, where it ends. Replaced when it grows. */
  starts: Int32Array<ArrayBuffer>;
  /** Changes when all numbers lose their meaning. */
  generation = 0;
  /** Bytes of `data` in use. */
  protected used = 0;
  /** The same bytes, of which strings are made several times faster. */
  private buffer: Buffer;

  /** Has room for so many bytes of so many texts before it grows. */
  constructor(bytes = FIRST_BYTES, texts = FIRST_TEXTS) {
    this.data = new Uint8Array(bytes);
    this.view = new DataView(this.data.buffer);
    this.buffer = Buffer.from(this.data.buffer);
    this.starts = new Int32Array(texts + 1);
  }

  /** Memory in use, in bytes, about. */
  get bytes(): number {
    return this.used + this.count * 4;
  }

  /** Number of a new text of these bytes, which the caller knows to be valid UTF-8. */
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

  /** Number of a new text; a lone surrogate becomes U+FFFD. */
  addString(text: string): number {
    this.writeString(text);
    return this.next();
  }

  /** Number of a new text: what `write` puts into `data` from `at` on, at most `most` bytes; it returns the end. */
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
    this.count = 0;
    this.used = 0;
    this.generation++;
  }

  /** Appends what `write` puts there, as bytes that are no text yet. */
  protected write(most: number, write: (data: Uint8Array, at: number) => number): void {
    this.room(most);
    this.used = write(this.data, this.used);
  }

  /** Appends a string, as bytes that are no text yet. */
  protected writeString(text: string): void {
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

  /** Ends the text whose bytes were appended. */
  protected next(): number {
    this.roomForTexts(1);
    this.starts[this.count + 1] = this.used;
    return this.count++;
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
