import { TextPool } from '../../tape/columns/text_pool.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { addSample, type ColumnCount } from './column_count.js';
import type { OtherIds } from './other_ids.js';

/** What becomes of a text. The same for equal texts. */
export type Change = (text: string) => string;

/** The texts that those of a chunk become, one for each, in the order of their numbers. */
export class NewTexts {
  readonly pool = new TextPool();
  private others = 0;
  private readonly isOther: boolean[] = [];

  constructor(
    private readonly from: TextPool,
    private readonly count: ColumnCount,
  ) {}

  /** Adds what a change makes of a text of the chunk. */
  changed(text: number, change: Change): void {
    const before = this.from.string(text);
    const after = change(before);
    this.pool.addString(after);
    if (after === before) this.isOther.push(false);
    else this.other(after);
  }

  /** Adds the other id of a text that is one. */
  id(text: number, ids: OtherIds): void {
    ids.addTo(this.pool, text);
    this.other(this.count.samples.length > 0 ? '' : this.pool.string(this.pool.count - 1));
  }

  /** Adds an empty text, for one that nothing has. */
  none(): void {
    this.pool.addString('');
    this.isOther.push(false);
  }

  /** Adds an empty text, for values that become none. */
  dropped(): void {
    this.pool.addString('');
    this.other('');
  }

  /** Whether two of the new texts are the same. */
  isSame(one: number, other: number): boolean {
    const { data, starts } = this.pool;
    const bytes = (text: number) => data.subarray(starts[text], starts[text + 1]);
    return Buffer.compare(bytes(one), bytes(other)) === 0;
  }

  /** Counts values that have these numbers. */
  countNumbers(numbers: Int32Array): void {
    this.count.values += numbers.length;
    for (let i = 0; i < numbers.length; i++) if (this.isOther[numbers[i] ?? 0]) this.count.replaced++;
  }

  /** Counts the values of a chunk: which entry has which is not asked where all texts are others, or none. */
  countAll(source: TextChunk): void {
    const { count, others, isOther } = this;
    const { values, nulls, leaf } = source.place;
    // Of lists, writers do not agree on what counts as NULL.
    if (nulls === undefined || leaf.repeated || (others > 0 && others < isOther.length)) {
      this.countNumbers(source.entries.numbers);
    } else {
      count.values += values - nulls;
      if (others > 0) count.replaced += values - nulls;
    }
  }

  private other(after: string): void {
    this.isOther.push(true);
    this.others++;
    addSample(this.count, after);
  }
}
