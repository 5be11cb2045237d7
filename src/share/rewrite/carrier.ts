import { NULL_TEXT, TextColumn } from '../../tape/columns/text.js';
import type { TextPool } from '../../tape/columns/text_pool.js';

/** What becomes of a text. The same for equal texts. */
export type Change = (text: string) => string;

/** How many values of a column were looked at, and how many became others; some of those, as they became. */
export interface ColumnCount {
  values: number;
  replaced: number;
  readonly samples: string[];
}

/** Samples kept of a column, and how long one may be. */
const SAMPLES = 2;
const SAMPLE_LENGTH = 60;

/** What a change made of the texts of the old pool. */
interface Made {
  readonly change: Change;
  /** Number in the new pool by number in the old one; UNKNOWN before somebody asks. */
  readonly numbers: Int32Array;
  /** 1 for texts that became others. */
  readonly isOther: Uint8Array;
}

const UNKNOWN = -2;

/**
 * Carries texts from the pool of one batch into that of another, changed on the way: only what is asked for comes
 * along, and each text is changed once, however many rows have it.
 */
export class Carrier {
  private readonly byChange = new Map<Change, Made>();
  /** What was asked for last is mostly asked for next. */
  private last: Made | undefined;

  constructor(
    readonly from: TextPool,
    readonly to: TextPool,
  ) {}

  /** A column with the texts of another, changed. */
  column(from: TextColumn, change: Change, count: ColumnCount): TextColumn {
    const column = new TextColumn(this.to);
    if (from.nulls === from.length) column.padTo(from.length);
    else column.appendTexts(this.carried(from, change, count), 0, from.length, from.nulls);
    return column;
  }

  /** Numbers in the new pool for the rows of a column. */
  private carried(from: TextColumn, change: Change, count: ColumnCount): Int32Array {
    const made = this.madeBy(change);
    const texts = new Int32Array(from.length);
    for (let row = 0; row < texts.length; row++) {
      const text = from.texts[row] ?? NULL_TEXT;
      texts[row] = text === NULL_TEXT ? NULL_TEXT : this.carry(text, change, made, count);
    }
    return texts;
  }

  /** Number in the new pool of what the change makes of a text of the old one. */
  text(text: number, change: Change, count: ColumnCount): number {
    return this.carry(text, change, this.madeBy(change), count);
  }

  /** Whether it is known what the change makes of a text of the old pool. */
  isMade(text: number, change: Change): boolean {
    return this.madeBy(change).numbers[text] !== UNKNOWN;
  }

  /** Says what the change makes of a text: that of another number in the new pool. */
  set(text: number, change: Change, number: number): void {
    const { numbers, isOther } = this.madeBy(change);
    numbers[text] = number;
    isOther[text] = 1;
  }

  /** As `text`, for values that somebody else counts. */
  number(text: number, change: Change, count: ColumnCount): number {
    return this.made(text, change, this.madeBy(change), count);
  }

  /** Whether a text that was asked for became another. */
  isOther(text: number, change: Change): boolean {
    return this.madeBy(change).isOther[text] === 1;
  }

  private carry(text: number, change: Change, made: Made, count: ColumnCount): number {
    const number = this.made(text, change, made, count);
    count.values++;
    count.replaced += made.isOther[text] ?? 0;
    return number;
  }

  private made(text: number, change: Change, { numbers, isOther }: Made, count: ColumnCount): number {
    const known = numbers[text] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const before = this.from.string(text);
    const after = change(before);
    const number = this.to.internString(after);
    numbers[text] = number;
    isOther[text] = before === after ? 0 : 1;
    if (before !== after) addSample(count, after);
    return number;
  }

  private madeBy(change: Change): Made {
    if (this.last?.change === change) return this.last;
    const { count } = this.from;
    this.last = this.byChange.get(change) ?? {
      change,
      numbers: new Int32Array(count).fill(UNKNOWN),
      isOther: new Uint8Array(count),
    };
    this.byChange.set(change, this.last);
    return this.last;
  }
}

/** Keeps some of what values became. */
export function addSample({ samples }: ColumnCount, after: string): void {
  if (samples.length >= SAMPLES || after === '') return;
  const shown = after.length > SAMPLE_LENGTH ? `${after.slice(0, SAMPLE_LENGTH)}…` : after;
  if (!samples.includes(shown)) samples.push(shown);
}
