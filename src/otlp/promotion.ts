import type { Int32Column } from '../tape/columns/fixed_width.js';
import { TextColumn } from '../tape/columns/text.js';
import { LETTERS } from './any_value.js';

const ARRAY = LETTERS.arrayValue.charCodeAt(0);
const MAP = LETTERS.kvlistValue.charCodeAt(0);
const ABSENT = LETTERS.none.charCodeAt(0);

/** Whether values of this type can fill a column. */
const isScalar = (letter: number) => letter !== ARRAY && letter !== MAP && letter !== ABSENT;

/** A column filled from attributes. */
export class Promotion {
  /** Where the key of the last value stands among those listed: a smaller number wins. */
  private rank = 0;
  private readonly texts: TextColumn | undefined;
  private readonly integers: Int32Column | undefined;

  constructor(column: TextColumn | Int32Column) {
    if (column instanceof TextColumn) this.texts = column;
    else this.integers = column;
  }

  /**
   * Gives a row its value if the column can hold it and no key as good gave one. Rows that get none remain short, until
   * NULLs are padded.
   */
  take(row: number, rank: number, text: number, letter: number, int32: number | undefined): void {
    const { texts, integers } = this;
    if (texts !== undefined && isScalar(letter) && (texts.length <= row || rank < this.rank)) {
      texts.putText(row, text);
      this.rank = rank;
    } else if (
      integers !== undefined &&
      int32 !== undefined &&
      (integers.length <= row || rank < this.rank)
    ) {
      integers.put(row, int32);
      this.rank = rank;
    }
  }
}

/** A column that a key fills, and the key's rank among those that do. */
export interface Candidate {
  readonly rank: number;
  readonly promotion: Promotion;
}
