import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withTexts } from '../../tape/parquet/text_chunks.js';
import type { ColumnCount } from './column_count.js';
import { type Change, NewTexts } from './new_texts.js';
import { OtherIds } from './other_ids.js';
import type { Redactor } from './redactor.js';
import { forEachRow } from './rows.js';
import { UsedTexts } from './used_texts.js';
import { LETTERS, type ValueTypes } from './value_types.js';

/** A column or list of texts, of which each becomes what the change makes of it. */
export function rewriteTexts(source: TextChunk, change: Change, count: ColumnCount): StoredChunk {
  const texts = new NewTexts(source.pool, count);
  for (let text = 0; text < source.pool.count; text++) texts.changed(text, change);
  texts.countNumbers(source.entries.numbers);
  return withTexts(source, texts.pool);
}

/** A column of ids; what has not the shape of one is left to the change. */
export function rewriteIds(source: TextChunk, redactor: Redactor, count: ColumnCount): StoredChunk {
  const texts = new NewTexts(source.pool, count);
  const ids = new OtherIds(source.pool, redactor.ids);
  for (let text = 0; text < source.pool.count; ) {
    const end = ids.endOfRun(text);
    if (end > text) texts.ids(text, end, ids);
    else texts.changed(text, redactor.changes.id);
    text = Math.max(end, text + 1);
  }
  texts.countNumbers(source.entries.numbers);
  return withTexts(source, texts.pool);
}

/** Bodies of log records, each by its type. */
export function rewriteBodies(
  source: TextChunk,
  types: ValueTypes,
  redactor: Redactor,
  count: ColumnCount,
): StoredChunk {
  const used = new UsedTexts(source);
  forEachRow(source, (value, row) => used.use(value, types.first(row)));
  const texts = new NewTexts(source.pool, count);
  return used.made(texts, (text, letter) => {
    texts.changed(text, redactor.bodyOf(LETTERS[letter] ?? ''));
    return true;
  });
}
