import { NULL_TEXT, TextColumn } from '../tape/columns/text.js';
import type { TextPool } from '../tape/columns/text_pool.js';

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
  private readonly made = new Map<Change, Made>();

  constructor(
    readonly from: TextPool,
    readonly to: TextPool,
  ) {}

  /** A column with the texts of another, changed. */
  column(from: TextColumn, change: Change, count: ColumnCount): TextColumn {
    const made = this.madeBy(change);
    const column = new TextColumn(this.to);
    for (let row = 0; row < from.length; row++) {
      const text = from.texts[row] ?? NULL_TEXT;
      if (text === NULL_TEXT) column.appendNull();
      else column.appendText(this.carry(text, change, made, count));
    }
    return column;
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

  private carry(text: number, change: Change, { numbers, isOther }: Made, count: ColumnCount): number {
    let number = numbers[text] ?? UNKNOWN;
    if (number === UNKNOWN) {
      const before = this.from.string(text);
      const after = change(before);
      number = this.to.internString(after);
      numbers[text] = number;
      isOther[text] = before === after ? 0 : 1;
      if (before !== after) addSample(count, after);
    }
    count.values++;
    count.replaced += isOther[text] ?? 0;
    return number;
  }

  private madeBy(change: Change): Made {
    const found = this.made.get(change);
    if (found !== undefined) return found;
    const { count } = this.from;
    const made = { numbers: new Int32Array(count).fill(UNKNOWN), isOther: new Uint8Array(count) };
    this.made.set(change, made);
    return made;
  }
}

/** Keeps some of what values became. */
export function addSample({ samples }: ColumnCount, after: string): void {
  if (samples.length >= SAMPLES || after === '') return;
  const shown = after.length > SAMPLE_LENGTH ? `${after.slice(0, SAMPLE_LENGTH)}…` : after;
  if (!samples.includes(shown)) samples.push(shown);
}
