import type { Column } from '../../schema/table.js';
import { TextPool } from '../columns/text_pool.js';
import type { ByteBuffer } from './byte_buffer.js';
import { Chunk } from './chunk.js';
import { Encoding, Type } from './format.js';
import { writeNumbers } from './hybrid.js';
import { writeLevels, writeSameLevels } from './levels.js';
import type { ChunkPlace } from './read/footer.js';
import type { Leaf } from './read/leaves.js';
import type { Levels } from './read/levels.js';
import { Malformed } from './read/malformed.js';
import type { Entries, TextChunk } from './read/text_chunk.js';
import { type StoredChunk, storedPage } from './stored_chunk.js';
import { ascending, writeDictionary, writeTexts } from './text_values.js';

/** For one chunk after the other. */
const chunk = new Chunk();

/**
 * The chunk with other texts: where an entry has a number, it is that of another text. Pages that hold numbers into a
 * dictionary, and nothing else, are taken over as they are stored: they say nothing by themselves.
 */
export function withTexts(source: TextChunk, texts: TextPool): StoredChunk {
  const { place, pages, entries } = source;
  const { codec, values } = place;
  if (!source.isOfNumbers) return withEntries(source, texts, entries);
  chunk.clear();
  writeWholeDictionary(texts);
  const page = { isDictionary: true, values: texts.count, encoding: Encoding.PLAIN };
  const dictionary = storedPage(chunk.dictionary.written, codec, page);
  const nulls = values - entries.present;
  return { codec, values, nulls, extremes: chunk.extremes, pages: [dictionary, ...pages] };
}

/** The chunk with other texts, other numbers of these, and maybe other levels. */
export function withEntries(
  { place, isDictionary }: TextChunk,
  texts: TextPool,
  entries: Entries,
): StoredChunk {
  const { numbers, present } = entries;
  chunk.clear();
  writeEntryLevels(chunk.page, place.leaf, place.values, entries);
  chunk.values = place.values;
  chunk.nulls = place.values - present;
  if (present > 0 && isDictionary) {
    const width = writeWholeDictionary(texts);
    writeNumbers(chunk.page, numbers, present, width);
  } else writeTexts(chunk, texts, numbers, present);
  return chunk.stored();
}

/**
 * A chunk of so many rows without values: empty lists, or where the table lets values be missing NULLs, else empty texts.
 * Merged segments let everything be missing, which is no leave for it to be.
 */
export function withoutValues(
  { leaf }: ChunkPlace,
  rows: number,
  { nullable }: Pick<Column, 'nullable'>,
): StoredChunk {
  const { repeated, itemDefinition, mostDefinition, type } = leaf;
  chunk.clear();
  chunk.values = rows;
  if (repeated) writeSameLevels(chunk.page, 0, rows);
  if (repeated || (nullable && mostDefinition > 0)) {
    chunk.nulls = rows;
    writeSameLevels(chunk.page, repeated ? itemDefinition - 1 : 0, rows);
    return chunk.stored();
  }
  if (type !== Type.BYTE_ARRAY) throw new Malformed('numbers of which none may be missing');
  if (mostDefinition > 0) writeSameLevels(chunk.page, mostDefinition, rows);
  const texts = new TextPool();
  texts.internString('');
  writeTexts(chunk, texts, new Int32Array(rows), rows);
  return chunk.stored();
}

/** Writes a dictionary of all texts of a pool, by their numbers; returns of how many bytes these are going to be. */
function writeWholeDictionary(texts: TextPool): number {
  const width = writeDictionary(chunk, texts, ascending(new Int32Array(texts.count)), texts.count);
  const { extremes } = chunk;
  // The file tells of them at its end, and the pool may hold other texts by then.
  if (extremes !== undefined) chunk.extremes = { min: extremes.min.slice(), max: extremes.max.slice() };
  return width;
}

/** Appends the levels of so many entries. */
export function writeEntryLevels(
  page: ByteBuffer,
  leaf: Leaf,
  values: number,
  { repetition, definition }: Levels,
): void {
  if (repetition !== undefined) writeLevels(page, repetition, values, 1);
  if (leaf.mostDefinition === 0) return;
  if (typeof definition === 'number') writeSameLevels(page, definition, values);
  else writeLevels(page, definition, values, leaf.mostDefinition > 1 ? 2 : 1);
}
