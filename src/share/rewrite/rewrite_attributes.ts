import type { TextPool } from '../../tape/columns/text_pool.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withTexts } from '../../tape/parquet/text_chunks.js';
import type { ColumnCount } from './column_count.js';
import { type Change, NewTexts } from './new_texts.js';
import { OtherIds } from './other_ids.js';
import { NO_VALUE, Pairs } from './pairs.js';
import type { Redactor } from './redactor.js';
import { UsedTexts } from './used_texts.js';
import { LETTERS, STRING, type ValueTypes } from './value_types.js';

/** Attributes with their keys and values redacted, each value by its key and its type. */
export function rewriteAttributes(
  keys: TextChunk,
  values: TextChunk,
  types: ValueTypes,
  redactor: Redactor,
  count: ColumnCount,
): StoredChunk[] {
  const newKeys = new NewTexts(keys.pool, count);
  for (let key = 0; key < keys.pool.count; key++) newKeys.changed(key, redactor.attributeKey);
  newKeys.countNumbers(keys.entries.numbers);
  const works = new ValueWorks(keys.pool, redactor);
  const used = new UsedTexts(values);
  useAll(new Pairs(keys, values), types, works, used);
  const newValues = new NewTexts(values.pool, count);
  const ids = new OtherIds(values.pool, redactor.ids);
  const made = used.made(newValues, (text, number) => {
    const { change, takesIds, isDropped } = works.work(number);
    if (isDropped) newValues.dropped();
    else if (takesIds && ids.has(text)) newValues.id(text, ids);
    else newValues.changed(text, change);
    return !isDropped;
  });
  return [withTexts(keys, newKeys.pool), made];
}

function useAll(
  { rows, starts, keyAt, valueAt }: Pairs,
  types: ValueTypes,
  works: ValueWorks,
  used: UsedTexts,
): void {
  for (let row = 0; row < rows; row++) {
    const first = starts[row] ?? 0;
    const end = starts[row + 1] ?? 0;
    for (let item = first; item < end; item++) {
      const value = valueAt[item] ?? NO_VALUE;
      if (value !== NO_VALUE)
        used.use(value, works.numberOf(keyAt[item] ?? 0, types.letter(row, item - first)));
    }
  }
}

/** What is done to the values under a key that have a type. */
interface ValueWork {
  readonly change: Change;
  /** Whether a value that is an id becomes another one. */
  readonly takesIds: boolean;
  readonly isDropped: boolean;
}

/** What is done to values, by numbers: where it is the same under several keys, it has one. */
class ValueWorks {
  private readonly works: ValueWork[] = [];
  private readonly byChange = new Map<Change, number>();
  /** By key and type, the work's number plus 1. */
  private readonly known: Int32Array;

  constructor(
    private readonly keys: TextPool,
    private readonly redactor: Redactor,
  ) {
    this.known = new Int32Array(keys.count * LETTERS.length);
  }

  work(number: number): ValueWork {
    const work = this.works[number];
    if (work === undefined) throw new RangeError(`no work ${number}`);
    return work;
  }

  numberOf(key: number, letter: number): number {
    const at = key * LETTERS.length + letter;
    const known = (this.known[at] ?? 0) - 1;
    if (known >= 0) return known;
    const made = this.make(this.keys.string(key), letter);
    this.known[at] = made + 1;
    return made;
  }

  private make(key: string, letter: number): number {
    const { redactor } = this;
    const isDropped = redactor.isDropped(key);
    const asColumn = letter === STRING && !isDropped ? redactor.attributeChange(key) : undefined;
    const known = asColumn && this.byChange.get(asColumn);
    if (known !== undefined) return known;
    if (asColumn !== undefined) this.byChange.set(asColumn, this.works.length);
    const type = LETTERS[letter] ?? '';
    return (
      this.works.push({
        change: asColumn ?? ((text) => redactor.attributeValue(key, type, text)),
        takesIds: letter === STRING && redactor.takesIds(key),
        isDropped,
      }) - 1
    );
  }
}
