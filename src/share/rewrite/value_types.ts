import { TextPool } from '../../tape/columns/text_pool.js';
import type { Numbers } from '../../tape/parquet/read/hybrid.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { NONE, numbersByEntry } from './rows.js';

/** Letters of types, a string's first: that is also what a value is whose type is not told, or not known. */
export const LETTERS = 'sbidyam-';
export const STRING = 0;

/** What each byte is as a letter. */
const LETTER_OF = Uint8Array.from({ length: 256 }, (_, code) =>
  Math.max(STRING, LETTERS.indexOf(String.fromCharCode(code))),
);

/** The types of values: of each row those of its values one after the other, by the column that tells them. */
export class ValueTypes {
  /** All letters, as their places in LETTERS. */
  readonly letters: Uint8Array;
  /** Of each row which text it has, or NONE. */
  private readonly textAt: Numbers;
  /** Where the letters of each text begin. */
  private readonly starts: Int32Array;

  /** @param types undefined where no column tells */
  constructor(types: TextChunk | undefined) {
    const { data, starts, count } = types?.pool ?? new TextPool();
    this.letters = data.subarray(0, starts[count]).map((byte) => LETTER_OF[byte] ?? STRING);
    this.textAt = types === undefined ? new Int32Array(0) : numbersByEntry(types);
    this.starts = starts;
  }

  /** Where in `letters` those of a row begin. */
  start(row: number): number {
    return this.starts[this.textAt[row] ?? NONE] ?? 0;
  }

  /** Where they end: at once, where nothing tells them. */
  end(row: number): number {
    return this.starts[(this.textAt[row] ?? NONE) + 1] ?? 0;
  }

  /** The type of a row's only value. */
  first(row: number): number {
    const start = this.start(row);
    return start < this.end(row) ? (this.letters[start] ?? STRING) : STRING;
  }
}
