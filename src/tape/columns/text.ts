import { isUtf8 } from 'node:buffer';
import { type Data, makeData, Utf8 } from 'apache-arrow';
import { DecodeError } from '../../errors.js';
import { FIRST_CAPACITY, type GrowingColumn } from './column.js';
import { Validity } from './validity.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Below this many bytes a loop copies faster than a call into the engine. */
const SHORT = 96;

/** More text than this in one column of one batch is refused: Arrow's offsets end at 2 GiB. */
const MAX_TEXT_BYTES = 512 << 20;

/** UTF-8 text: the bytes of all rows side by side, and where each row ends. */
export class TextColumn implements GrowingColumn {
  length = 0;
  private readonly validity = new Validity();
  private data = new Uint8Array(FIRST_CAPACITY * 8);
  private used = 0;
  private offsets = new Int32Array(FIRST_CAPACITY + 1);

  get nulls(): number {
    return this.validity.nulls;
  }

  get bytes(): number {
    return this.used + this.length * 4;
  }

  /** Appends the bytes from `start` to `end`, which the caller knows to be valid UTF-8. */
  appendBytes(from: Uint8Array, start: number, end: number): void {
    this.copy(from, start, end);
    this.endRow();
  }

  /**
   * Appends bytes from outside. What is not valid UTF-8 becomes U+FFFD, since no reader of Parquet
   * takes it otherwise; returns false if that was needed.
   */
  appendUtf8(from: Uint8Array, start: number, end: number): boolean {
    const ascii = this.copy(from, start, end) < 0x80;
    const valid = ascii || isUtf8(from.subarray(start, end));
    if (!valid) {
      this.used -= end - start;
      const mended = encoder.encode(decoder.decode(from.subarray(start, end)));
      this.copy(mended, 0, mended.length);
    }
    this.endRow();
    return valid;
  }

  /** Appends a string; a lone surrogate becomes U+FFFD. */
  appendString(text: string): void {
    this.room(text.length * 3);
    if (!this.copyAscii(text)) {
      this.used += encoder.encodeInto(text, this.data.subarray(this.used)).written;
    }
    this.endRow();
  }

  /** Appends a string, or NULL for none. */
  appendOptional(text: string | null | undefined): void {
    if (text === null || text === undefined) this.appendNull();
    else this.appendString(text);
  }

  /** Appends what `write` puts into `data` from `at` on, at most `most` bytes; it returns the end. */
  appendWritten(most: number, write: (data: Uint8Array, at: number) => number): void {
    this.room(most);
    this.used = write(this.data, this.used);
    this.endRow();
  }

  appendNull(): void {
    this.validity.addNull(this.length);
    this.pushOffset();
  }

  appendCopies(from: TextColumn, row: number, times: number): void {
    this.appendRangeCopies(from, row, row + 1, times);
  }

  /** Appends the rows of `from` from `first` to `end`, and these `times` times over. */
  appendRangeCopies(from: TextColumn, first: number, end: number, times: number): void {
    if (times === 0) return;
    const start = from.offsets[first] ?? 0;
    const size = (from.offsets[end] ?? 0) - start;
    const target = this.used;
    this.room(size * times);
    this.copy(from.data, start, start + size);
    for (let filled = size; filled < size * times; filled *= 2) {
      const more = Math.min(filled, size * times - filled);
      this.data.copyWithin(target + filled, target, target + more);
    }
    const maybeNull = from.nulls > 0 || this.validity.tracks;
    for (let i = 0; i < times; i++) {
      const shift = target + i * size - start;
      for (let row = first; row < end; row++) {
        if (maybeNull) this.validity.addLike(from.validity, row, this.length, this.length + 1);
        this.used = (from.offsets[row + 1] ?? 0) + shift;
        this.pushOffset();
      }
    }
  }

  isNull(row: number): boolean {
    return this.validity.isNull(row);
  }

  /** A row's text, for tests and messages. */
  string(row: number): string {
    return decoder.decode(this.data.subarray(this.offsets[row], this.offsets[row + 1]));
  }

  truncate(length: number): void {
    this.validity.truncate(length, this.length);
    this.used = this.offsets[length] ?? 0;
    this.length = length;
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { length } = this;
    const nullBitmap = this.validity.bitmap(length, order);
    const { data, offsets } = order === undefined ? this.whole() : this.gathered(order);
    return makeData({
      type: new Utf8(),
      length,
      nullCount: this.nulls,
      nullBitmap,
      valueOffsets: offsets,
      data,
    });
  }

  private whole(): { data: Uint8Array; offsets: Int32Array } {
    return { data: this.data.subarray(0, this.used), offsets: this.offsets.subarray(0, this.length + 1) };
  }

  private gathered(order: Uint32Array): { data: Uint8Array; offsets: Int32Array } {
    const sorted = new TextColumn();
    sorted.room(this.used);
    for (const row of order) {
      sorted.appendBytes(this.data, this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0);
    }
    return sorted.whole();
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

  /** Copies a short text of ASCII alone to the end; returns whether it was one. */
  private copyAscii(text: string): boolean {
    if (text.length > SHORT) return false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return false;
      this.data[this.used + i] = code;
    }
    this.used += text.length;
    return true;
  }

  private endRow(): void {
    this.validity.addValue(this.length);
    this.pushOffset();
  }

  private pushOffset(): void {
    if (this.length + 2 > this.offsets.length) this.growOffsets();
    this.length++;
    this.offsets[this.length] = this.used;
  }

  private growOffsets(): void {
    const larger = new Int32Array(this.offsets.length * 2);
    larger.set(this.offsets);
    this.offsets = larger;
  }

  private room(bytes: number): void {
    if (this.used + bytes > this.data.length) this.grow(bytes);
  }

  private grow(bytes: number): void {
    if (this.used + bytes > MAX_TEXT_BYTES) {
      throw new DecodeError(
        `${this.used + bytes} bytes of text in one column; expected at most ${MAX_TEXT_BYTES}`,
      );
    }
    const larger = new Uint8Array(Math.max(this.data.length * 2, this.used + bytes));
    larger.set(this.data.subarray(0, this.used));
    this.data = larger;
  }
}
