import { FEW, FIRST_CAPACITY, type GrowingColumn, grown, int32s } from './column.js';
import { Repetition } from './repetition.js';
import { TextPool } from './text_pool.js';

/** What stands for NULL among the numbers of texts. */
export const NULL_TEXT = -1;

/** UTF-8 text: of each row the number of its text in a pool that the columns of a batch share. */
export class TextColumn implements GrowingColumn {
  length = 0;
  nulls = 0;
  /** Numbers of the rows' texts, and NULL from `length` on. Replaced when it grows. */
  texts = int32s(FIRST_CAPACITY).fill(NULL_TEXT);
  private readonly repetition = new Repetition();

  constructor(readonly pool = new TextPool()) {}

  get bytes(): number {
    return this.length * 4;
  }

  /** Appends the text that has this number in the pool. */
  appendText(text: number): void {
    if (this.length === this.texts.length) this.grow(this.length + 1);
    this.texts[this.length++] = text;
  }

  /** Gives a row the text that has this number in the pool: the last row, or a later one; those between are NULL. */
  putText(row: number, text: number): void {
    if (row < this.length) this.texts[row] = text;
    else {
      this.padTo(row);
      this.appendText(text);
    }
  }

  /** Appends the texts from `first` to `end` of such numbers, so many of them NULL. */
  appendTexts(texts: Int32Array, first: number, end: number, nulls = 0): void {
    const length = this.length + end - first;
    if (length > this.texts.length) this.grow(length);
    if (end - first > FEW) this.texts.set(texts.subarray(first, end), this.length);
    else for (let from = first, to = this.length; from < end; ) this.texts[to++] = texts[from++] ?? NULL_TEXT;
    this.length = length;
    this.nulls += nulls;
  }

  /**
   * Appends the bytes from `start` to `end`, which the caller knows to be valid UTF-8.
   * @param repetition whether texts of their origin repeat; that of all texts appended here where it is not given
   */
  appendBytes(from: Uint8Array, start: number, end: number, repetition = this.repetition): void {
    const { pool } = this;
    const before = pool.count;
    const look = repetition.likely();
    this.appendText(look ? pool.intern(from, start, end) : pool.add(from, start, end));
    if (look) repetition.note(pool.count !== before);
  }

  /** As `appendBytes`, from outside. What is not valid UTF-8 becomes U+FFFD; returns false if that was needed. */
  appendUtf8(from: Uint8Array, start: number, end: number, repetition = this.repetition): boolean {
    const { pool } = this;
    const before = pool.count;
    const look = repetition.likely();
    const text = look ? pool.internUtf8(from, start, end) : pool.addUtf8(from, start, end);
    this.appendText(text < 0 ? pool.internMended(from, start, end) : text);
    if (look) repetition.note(pool.count !== before);
    return text >= 0;
  }

  /** Appends bytes as lower-case hex. */
  appendHex(from: Uint8Array, start: number, end: number): void {
    this.appendText(this.pool.addHex(from, start, end - start));
  }

  /** Appends a string; a lone surrogate becomes U+FFFD. */
  appendString(text: string): void {
    this.appendText(this.pool.internString(text));
  }

  /** Appends a string, or NULL for none. */
  appendOptional(text: string | null | undefined): void {
    if (text === null || text === undefined) this.appendNull();
    else this.appendString(text);
  }

  /** Appends what `write` puts into `data` from `at` on, at most `most` bytes; it returns the end. */
  appendWritten(most: number, write: (data: Uint8Array, at: number) => number): void {
    const { pool, repetition } = this;
    const before = pool.count;
    if (repetition.likely()) {
      this.appendText(pool.internWritten(most, write));
      repetition.note(pool.count !== before);
    } else this.appendText(pool.addWritten(most, write));
  }

  appendNull(): void {
    this.padTo(this.length + 1);
  }

  padTo(length: number): void {
    if (length <= this.length) return;
    if (length > this.texts.length) this.grow(length);
    this.nulls += length - this.length;
    this.length = length;
  }

  appendCopies(from: TextColumn, row: number, times: number): void {
    this.fill(this.textLike(from, row), times);
  }

  /** Appends the rows of another column from `first` to `end`. */
  appendRange(from: TextColumn, first: number, end: number): void {
    if (from.pool === this.pool && from.nulls === 0) this.appendTexts(from.texts, first, end);
    else for (let row = first; row < end; row++) this.fill(this.textLike(from, row), 1);
  }

  isNull(row: number): boolean {
    return this.texts[row] === NULL_TEXT;
  }

  /** A row's text, for tests and messages. */
  string(row: number): string {
    return this.pool.string(this.texts[row] ?? 0);
  }

  /** Bytes of a row's text. */
  size(row: number): number {
    return this.pool.size(this.texts[row] ?? 0);
  }

  value(row: number): string | null {
    return this.isNull(row) ? null : this.string(row);
  }

  truncate(length: number): void {
    if (length >= this.length) return;
    if (length === 0) this.nulls = 0;
    for (let row = length; row < this.length && this.nulls > 0; row++) if (this.isNull(row)) this.nulls--;
    this.texts.fill(NULL_TEXT, length, this.length);
    this.length = length;
  }

  private fill(text: number, times: number): void {
    if (times <= 0) return;
    const end = this.length + times;
    if (end > this.texts.length) this.grow(end);
    if (times > FEW) this.texts.fill(text, this.length, end);
    else for (let row = this.length; row < end; row++) this.texts[row] = text;
    this.length = end;
    if (text === NULL_TEXT) this.nulls += times;
  }

  /** Number, in this column's pool, of the text of a row of another column. */
  private textLike(from: TextColumn, row: number): number {
    const text = from.texts[row] ?? NULL_TEXT;
    if (from.pool === this.pool || text === NULL_TEXT) return text;
    const { data, starts } = from.pool;
    return this.pool.intern(data, starts[text] ?? 0, starts[text + 1] ?? 0);
  }

  private grow(length: number): void {
    const before = this.texts.length;
    this.texts = grown(this.texts, int32s, length).fill(NULL_TEXT, before);
  }
}
