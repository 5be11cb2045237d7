import type { Columns } from '../schema/table.js';
import { Int32Column } from '../tape/columns/fixed_width.js';
import { TextColumn } from '../tape/columns/text.js';
import type { BatchColumns } from '../tape/row_batch.js';
import { LETTERS } from './any_value.js';

const ARRAY = LETTERS.arrayValue.charCodeAt(0);
const MAP = LETTERS.kvlistValue.charCodeAt(0);
const ABSENT = LETTERS.none.charCodeAt(0);

/** Whether values of this type can fill a column. */
const isScalar = (letter: number) => letter !== ARRAY && letter !== MAP && letter !== ABSENT;

/** A key that fills a column. */
export class Promotion {
  private readonly texts: TextColumn | undefined;
  private readonly integers: Int32Column | undefined;

  constructor(
    column: TextColumn | Int32Column,
    /** Where the key stands among those that fill the column: a smaller number wins. */
    private readonly rank: number,
    /** The rank of the key that gave the last value. All keys of the column share it. */
    private readonly last: { rank: number },
    /** What else the key fills. */
    readonly next: Promotion | undefined,
  ) {
    if (column instanceof TextColumn) this.texts = column;
    else this.integers = column;
  }

  /**
   * Gives a row its value if the column can hold it and no key as good gave one. Rows that get none remain short, until
   * NULLs are padded.
   */
  take(row: number, text: number, letter: number, int32: number | undefined): void {
    const { texts, integers, rank, last } = this;
    if (texts !== undefined && isScalar(letter) && (texts.length <= row || rank < last.rank)) {
      texts.putText(row, text);
      last.rank = rank;
    } else if (
      integers !== undefined &&
      int32 !== undefined &&
      (integers.length <= row || rank < last.rank)
    ) {
      integers.put(row, int32);
      last.rank = rank;
    }
  }
}

/** The keys that fill columns. */
export class Promotions {
  private readonly byKey = new Map<string, Promotion>();

  /** `promoted` are the declarations of columns; those that are not filled from attributes are passed over. */
  constructor(promoted: Columns, into: BatchColumns<Columns>) {
    for (const [name, { from }] of Object.entries(promoted)) {
      const column = into[name];
      if (!(column instanceof TextColumn || column instanceof Int32Column)) continue;
      const last = { rank: 0 };
      for (const [rank, key] of from.entries())
        this.byKey.set(key, new Promotion(column, rank, last, this.byKey.get(key)));
    }
  }

  /** What a key fills. */
  of(key: string): Promotion | undefined {
    return this.byKey.get(key);
  }
}
