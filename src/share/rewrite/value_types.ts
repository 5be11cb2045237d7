import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { forEachRow } from './rows.js';

/** Letters of types, a string's first: that is also what a value is whose type is not told, or not known. */
export const LETTERS = 'sbidyam-';
export const STRING = 0;

/** What each byte is as a letter. */
const LETTER_OF = Uint8Array.from({ length: 256 }, (_, code) =>
  Math.max(STRING, LETTERS.indexOf(String.fromCharCode(code))),
);

/** The types of values, a letter each, by the column that tells them. */
export class ValueTypes {
  /** Where the letters of each row begin and end. */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly letters: Uint8Array;

  /** @param types undefined where no column tells */
  constructor(types: TextChunk | undefined) {
    const rows = types?.place.values ?? 0;
    this.starts = new Int32Array(rows);
    this.ends = new Int32Array(rows);
    this.letters = new Uint8Array(0);
    if (types === undefined) return;
    const { data, starts, count } = types.pool;
    this.letters = data.subarray(0, starts[count]).map((byte) => LETTER_OF[byte] ?? STRING);
    const { numbers } = types.entries;
    forEachRow(types, (value, row) => {
      const text = numbers[value] ?? 0;
      this.starts[row] = starts[text] ?? 0;
      this.ends[row] = starts[text + 1] ?? 0;
    });
  }

  /** Where in LETTERS the type of a row's value is. */
  letter(row: number, i: number): number {
    const at = (this.starts[row] ?? 0) + i;
    return at < (this.ends[row] ?? 0) ? (this.letters[at] ?? STRING) : STRING;
  }
}
