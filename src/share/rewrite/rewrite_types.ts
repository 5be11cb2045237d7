import { TextPool } from '../../tape/columns/text_pool.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withEntries } from '../../tape/parquet/text_chunks.js';
import type { Pairs } from './pairs.js';
import type { Redactor } from './redactor.js';
import { forEachRow } from './rows.js';

/** The letter of an attribute that has no value. */
const NO_VALUE = '-';

/** The types of values: of attributes that the rules drop, that there is none. */
export function rewriteTypes(types: TextChunk, pairs: Pairs, redactor: Redactor): StoredChunk {
  const { keys, keyAt } = pairs;
  const starts = pairs.rowStarts();
  const { entries, pool } = types;
  const texts = new TextPool();
  const numbers = new Int32Array(entries.numbers.length);
  forEachRow(types, (value, row) => {
    const first = starts[row] ?? 0;
    const letters = [...pool.string(entries.numbers[value] ?? 0)].map((letter, i) =>
      redactor.isDropped(keys.pool.string(keyAt[first + i] ?? 0)) ? NO_VALUE : letter,
    );
    numbers[value] = texts.internString(redactor.changes['value types'](letters.join('')));
  });
  return withEntries(types, texts, { ...entries, numbers });
}
