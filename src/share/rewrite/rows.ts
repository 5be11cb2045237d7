import type { Numbers } from '../../tape/parquet/read/hybrid.js';
import type { Entries, TextChunk } from '../../tape/parquet/read/text_chunk.js';

/** Stands for the text of an entry that is no value: a NULL, or an empty list. */
export const NONE = -1;

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

/** By entry, the number of its text, or NONE. */
export function numbersByEntry(chunk: TextChunk): Numbers {
  const { entries, place } = chunk;
  if (areAll(chunk)) return entries.numbers;
  const { definition } = entries;
  const numbers = new Int32Array(place.values).fill(NONE);
  if (typeof definition === 'number') return numbers;
  const { mostDefinition } = place.leaf;
  for (let entry = 0, value = 0; entry < numbers.length; entry++)
    if (definition[entry] === mostDefinition) numbers[entry] = entries.numbers[value++] ?? NONE;
  return numbers;
}

/** Whether every entry is a value: then their levels are one number. */
function areAll({ entries, place }: TextChunk): boolean {
  return entries.definition === place.leaf.mostDefinition;
}
