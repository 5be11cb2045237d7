import { textNumbers } from '../parquet/entries.js';
import type { ColumnChunk } from '../parquet/footer.js';
import { isDistinctive, isNamingKey, mayBeDistinctive } from './naming_keys.js';

/** So many names are looked for: what there are more of, such as sessions, people do not speak of by name. */
const MOST_NAMES = 50_000;
/** So many values are remembered that are no names. */
const MOST_OTHERS = 50_000;

/** Takes a text of a row group: its bytes, and its number among those of its chunk. */
export type SeeAttribute = (bytes: Buffer, start: number, end: number, number: number) => void;

/** Finds among the values of attributes the names by which texts may call things: those under keys that name something. */
export class AttributeNames {
  private found = 0;
  /** Of the row group at hand, by their numbers among its texts. */
  private readonly naming = new Set<number>();
  private readonly candidates = new Map<number, string>();
  /** Values that were under other keys only when they were met: which values a key has takes time to read. */
  private readonly others = new Set<string>();

  /** @param names where they are put */
  constructor(private readonly names: Set<string>) {}

  /** Takes a key of the row group at hand. */
  readonly key: SeeAttribute = (bytes, start, end, number) => {
    if (isNamingKey(bytes.toString('utf8', start, end))) this.naming.add(number);
  };

  /** Takes a value. */
  readonly value: SeeAttribute = (bytes, start, end, number) => {
    if (this.found >= MOST_NAMES || !mayBeDistinctive(bytes, start, end)) return;
    const value = bytes.toString('utf8', start, end);
    if (this.others.has(value) || this.names.has(value)) return;
    if (isDistinctive(value)) this.candidates.set(number, value);
  };

  /** Adds the names of the row group, whose chunks these are, once all its keys and values were taken. */
  endGroup(bytes: Buffer, keys: ColumnChunk, values: ColumnChunk, file: string): void {
    const { naming, candidates, others, names } = this;
    if (naming.size > 0 && candidates.size > 0) {
      const keyAt = textNumbers(bytes, keys, file);
      const valueAt = textNumbers(bytes, values, file);
      for (let entry = 0; entry < valueAt.length && candidates.size > 0; entry++) {
        const number = valueAt[entry] ?? -1;
        const value = candidates.get(number);
        if (value === undefined || !naming.has(keyAt[entry] ?? -1)) continue;
        names.add(value);
        candidates.delete(number);
        this.found++;
      }
    }
    if (others.size >= MOST_OTHERS) others.clear();
    for (const value of candidates.values()) others.add(value);
    naming.clear();
    candidates.clear();
  }
}
