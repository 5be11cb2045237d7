import { grown } from '../../tape/columns/column.js';
import { TextPool } from '../../tape/columns/text_pool.js';
import { addSample, type ColumnCount } from './column_count.js';
import type { OtherIds } from './other_ids.js';

const uint8s = (length: number) => new Uint8Array(length);

/** What becomes of a text. The same for equal texts. */
export type Change = (text: string) => string;

/** The texts that those of a chunk become, one for each, in the order of their numbers. */
export class NewTexts {
  readonly pool = new TextPool();
  private others = 0;
  /** 1 for texts that are others. Replaced when it grows. */
  private isOther: Uint8Array;

  constructor(
    private readonly from: TextPool,
    private readonly count: ColumnCount,
  ) {
    this.isOther = uint8s(from.count);
  }

  /** Adds what a change makes of a text of the chunk. */
  changed(text: number, change: Change): void {
    const before = this.from.string(text);
    const after = change(before);
    this.pool.addString(after);
    this.ended(after === before ? undefined : after);
  }

  /** Adds the other id of a text that is one. */
  id(text: number, ids: OtherIds): void {
    ids.addTo(this.pool, text);
    this.ended(this.count.samples.length > 0 ? '' : this.pool.string(this.pool.count - 1));
  }

  /** Adds an empty text, for one that nothing has. */
  none(): void {
    this.pool.addString('');
    this.ended();
  }

  /** Adds an empty text, for values that become none. */
  dropped(): void {
    this.pool.addString('');
    this.ended('');
  }

  /** Whether two of the new texts are the same. */
  isSame(one: number, other: number): boolean {
    const { data, starts } = this.pool;
    const bytes = (text: number) => data.subarray(starts[text], starts[text + 1]);
    return Buffer.compare(bytes(one), bytes(other)) === 0;
  }

  /** Counts values that have these numbers. */
  countNumbers(numbers: Int32Array): void {
    const { count, others, pool, isOther } = this;
    count.values += numbers.length;
    if (others === pool.count) count.replaced += numbers.length;
    else if (others > 0)
      for (let i = 0; i < numbers.length; i++) count.replaced += isOther[numbers[i] ?? 0] ?? 0;
  }

  /** Notes of the text that was added last what it is now, if it is another. */
  private ended(after?: string): void {
    const { count } = this.pool;
    if (count > this.isOther.length) this.isOther = grown(this.isOther, uint8s, count);
    if (after === undefined) return;
    this.isOther[count - 1] = 1;
    this.others++;
    addSample(this.count, after);
  }
}
