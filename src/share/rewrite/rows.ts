import type { Entries, TextChunk } from '../../tape/parquet/read/text_chunk.js';

/** Calls with each value of a column that is no list, and its row. */
export function forEachRow({ place, entries }: TextChunk, use: (value: number, row: number) => void): void {
  const { leaf, values } = place;
  for (let row = 0, value = 0; row < values; row++) {
    if (definitionOf(entries, row) === leaf.mostDefinition) use(value++, row);
  }
}

/** The definition level of an entry. */
export function definitionOf({ definition }: Entries, entry: number): number {
  return typeof definition === 'number' ? definition : (definition[entry] ?? 0);
}
