import { grown } from '../../tape/columns/column.js';
import { TextPool } from '../../tape/columns/text_pool.js';
import type { Numbers } from '../../tape/parquet/read/hybrid.js';
import { addSample, type ColumnCount } from './column_count.js';
import type { OtherIds } from './other_ids.js';

const uint8s = (length: number) => new Uint8Array(length);

/** For one chunk after the other. */
const newPool = new TextPool();

/** What becomes of a text. The same for equal texts. */
export type Change = (text: string) => string;

/**
 * The texts that those of a chunk become, one for each, in the order of their numbers: good until those of another chunk
 * are made.
 */
export class NewTexts {
  readonly pool = newPool;
  private others = 0;
  /** 1 for texts that are others. Replaced when it grows. */
  private isOther: Uint8Array;

  constructor(
    private readonly from: TextPool,
    private readonly count: ColumnCount,
  ) {
    this.pool.clear();
    this.isOther = uint8s(from.count);
  }

  /** Adds what a change makes of a text of the chunk. */
  changed(text: number, change: Change): void {
    const before = this.from.string(text);
    const after = change(before);
    this.pool.addString(after);
    if (after !== before) this.areOthers(1, after);
  }

  /** Adds the other id of a text that is one. */
  id(text: number, ids: OtherIds): void {
    this.ids(text, text + 1, ids);
  }

  /** Adds the other ids of the texts from `first` to `end`, which all are ids of one size. */
  ids(first: number, end: number, ids: OtherIds): void {
    const { pool, count } = this;
    ids.addTo(pool, first, end);
    this.areOthers(end - first, count.samples.length > 0 ? '' : pool.string(pool.count - 1));
  }

  /** Adds a text of the chunk that stays as it is. */
  same(text: number): void {
    const { data, starts } = this.from;
    this.pool.add(data, starts[text] ?? 0, starts[text + 1] ?? 0);
  }

  /** Adds an empty text, for one that nothing has. */
  none(): void {
    this.pool.addString('');
  }

  /** Adds an empty text, for values that become none. */
  dropped(): void {
    this.pool.addString('');
    this.areOthers(1, '');
  }

  /** Whether two of the new texts are the same. */
  isSame(one: number, other: number): boolean {
    const { data, starts } = this.pool;
    const bytes = (text: number) => data.subarray(starts[text], starts[text + 1]);
    return Buffer.compare(bytes(one), bytes(other)) === 0;
  }

  /** Counts values that have these numbers. */
  countNumbers(numbers: Numbers): void {
    const { count, others, pool, isOther } = this;
    count.values += numbers.length;
    if (others === pool.count) count.replaced += numbers.length;
    else if (others > 0) {
      let replaced = 0;
      for (let i = 0; i < numbers.length; i++) replaced += isOther[numbers[i] ?? 0] ?? 0;
      count.replaced += replaced;
    }
  }

  /** Notes that so many texts, those added last, are others than before; one of them is a sample. */
  private areOthers(texts: number, sample: string): void {
    const { count } = this.pool;
    if (count > this.isOther.length) this.isOther = grown(this.isOther, uint8s, count);
    for (let text = count - texts; text < count; text++) this.isOther[text] = 1;
    this.others += texts;
    addSample(this.count, sample);
  }
}
