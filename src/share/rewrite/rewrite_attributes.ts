import type { TextPool } from '../../tape/columns/text_pool.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withTexts } from '../../tape/parquet/text_chunks.js';
import { ascending } from '../../tape/parquet/text_values.js';
import type { ColumnCount } from './column_count.js';
import { type Change, NewTexts } from './new_texts.js';
import { OtherIds } from './other_ids.js';
import { Pairs } from './pairs.js';
import type { Redactor } from './redactor.js';
import { NONE } from './rows.js';
import { isShortNumber } from './short_numbers.js';
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
  const keyChunk = withTexts(keys, newKeys.pool);
  const works = new ValueWorks(keys.pool, redactor);
  const used = new UsedTexts(values);
  useAll(new Pairs(keys, values), types, works.numbers, used);
  const newValues = new NewTexts(values.pool, count);
  const ids = new OtherIds(values.pool, redactor.ids);
  const made = used.made(newValues, (text, number) => {
    const { change, takesIds, keepsShortNumbers, isDropped } = works.work(number);
    if (isDropped) newValues.dropped();
    else if (keepsShortNumbers && isShortNumber(values.pool, text)) newValues.same(text);
    else if (takesIds && ids.has(text)) newValues.id(text, ids);
    else newValues.changed(text, change);
    return !isDropped;
  });
  return [keyChunk, made];
}

/** Says of each value what is to be done to it, for every attribute of a tape. */
function useAll(
  { repetition, keyAt, textAt }: Pairs,
  types: ValueTypes,
  workOf: Int32Array,
  used: UsedTexts,
): void {
  const { letters } = types;
  const { works, first, last } = used;
  // In the loop names that are imported would cost a third more.
  const [letterCount, string, none] = [LETTERS.length, STRING, NONE];
  let [row, letter, end, value] = [-1, 0, 0, 0];
  for (let entry = 0; entry < repetition.length; entry++) {
    if (repetition[entry] === 0) {
      row++;
      letter = types.start(row);
      end = types.end(row);
    }
    const type = letter < end ? (letters[letter++] ?? string) : string;
    const text = textAt[entry] ?? none;
    if (text === none) continue;
    const work = workOf[(keyAt[entry] ?? 0) * letterCount + type] ?? 0;
    works[value++] = work;
    if (first[text] !== work && last[text] !== work) used.add(text, work);
  }
}

/** What is done to the values under a key that have a type. */
interface ValueWork {
  readonly change: Change;
  /** Whether a value that is an id becomes another one. */
  readonly takesIds: boolean;
  /** Whether a value that is a short whole number stays. */
  readonly keepsShortNumbers: boolean;
  readonly isDropped: boolean;
}

/** What is done to values, by numbers: those of a key and a letter, the first where it is the same under several keys. */
class ValueWorks {
  /** By key and letter, the number of what is done. */
  readonly numbers: Int32Array;
  private readonly made: ValueWork[] = [];

  constructor(
    private readonly keys: TextPool,
    private readonly redactor: Redactor,
  ) {
    this.numbers = ascending(new Int32Array(keys.count * LETTERS.length));
    const strings = new Map<Change, number>();
    for (let at = STRING; at < this.numbers.length; at += LETTERS.length) {
      const key = keys.string(at / LETTERS.length);
      const change = redactor.isDropped(key) ? undefined : redactor.attributeChange(key);
      if (change === undefined) continue;
      this.numbers[at] = strings.get(change) ?? at;
      strings.set(change, this.numbers[at] ?? at);
    }
  }

  work(number: number): ValueWork {
    const work = this.made[number] ?? this.make(number);
    this.made[number] = work;
    return work;
  }

  private make(number: number): ValueWork {
    const { redactor } = this;
    const key = this.keys.string(Math.floor(number / LETTERS.length));
    const letter = number % LETTERS.length;
    const type = LETTERS[letter] ?? '';
    const isDropped = redactor.isDropped(key);
    const asColumn = letter === STRING && !isDropped ? redactor.attributeChange(key) : undefined;
    return {
      change: asColumn ?? ((text) => redactor.attributeValue(key, type, text)),
      takesIds: letter === STRING && redactor.takesIds(key),
      keepsShortNumbers: redactor.keepsShortNumbers(key, type),
      isDropped,
    };
  }
}
