import type { Int32Column } from '../tape/columns/fixed_width.js';
import { TextColumn } from '../tape/columns/text.js';
import { LETTERS } from './any_value.js';

const ARRAY = LETTERS.arrayValue.charCodeAt(0);
const MAP = LETTERS.kvlistValue.charCodeAt(0);
const ABSENT = LETTERS.none.charCodeAt(0);

/** Whether values of this type can fill a column. */
const isScalar = (letter: number) => letter !== ARRAY && letter !== MAP && letter !== ABSENT;

/** Rank of a column that has no value yet: beyond that of every key. */
const NONE = 1_000;

/** A column filled from attributes, and what the row at hand has for it. */
export class Promotion {
  /** Where the key found stands among those listed: a smaller number wins. */
  private rank = NONE;
  /** Number of the text in the pool, for text; the number itself, for integers. */
  private found = 0;

  private readonly texts: TextColumn | undefined;
  private readonly integers: Int32Column | undefined;

  constructor(column: TextColumn | Int32Column) {
    if (column instanceof TextColumn) this.texts = column;
    else this.integers = column;
  }

  /** Takes a value if the column can hold it and no better key came before; returns whether it is the first. */
  take(rank: number, text: number, letter: number, int32: number | undefined): boolean {
    if (rank >= this.rank) return false;
    const value = this.texts === undefined ? int32 : isScalar(letter) ? text : undefined;
    if (value === undefined) return false;
    const first = this.rank === NONE;
    this.found = value;
    this.rank = rank;
    return first;
  }

  /** Forgets what was found. */
  clear(): void {
    this.rank = NONE;
  }

  /** Writes what was found into its row. */
  write(row: number): void {
    const { texts, integers } = this;
    texts?.padTo(row);
    texts?.appendText(this.found);
    integers?.padTo(row);
    integers?.append(this.found);
    this.clear();
  }
}

/** A column that a key fills, and the key's rank among those that do. */
export interface Candidate {
  readonly rank: number;
  readonly promotion: Promotion;
}
