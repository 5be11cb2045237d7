import { bodyOf } from './bodies.js';
import type { ColumnChunk } from './footer.js';
import { PAGE, type PageHeader, pageHeaders } from './page_headers.js';
import { hasTexts, indicesOf, naming } from './pages.js';
import { readRuns } from './runs.js';

/** Stands for no text. */
const NONE = -1;
/** So many entries of a chunk are held at once: a hundred times more than writers make. */
const MOST_ENTRIES = 1 << 26;

/**
 * Of each entry of a chunk the number of its text, as `textsIn` gives these one after the other; negative where there is
 * none. Entries of the chunks of a map's keys and of its values belong together.
 *
 * @throws InvalidFileError naming the column, for what is not as the headers say
 */
export function textNumbers(bytes: Buffer, chunk: ColumnChunk, file: string): Int32Array {
  const pages: Int32Array[] = [];
  let [texts, entries] = [0, 0];
  for (const page of pageHeaders(bytes, chunk, file)) {
    if (page.kind === PAGE.dictionary) {
      texts += page.values;
      continue;
    }
    const numbers = naming(chunk, file, () => {
      entries += page.values;
      if (entries > MOST_ENTRIES) throw new RangeError(`a row group of more than ${MOST_ENTRIES} entries`);
      return numbersIn(bytes, page, chunk, texts);
    });
    if (hasTexts(page, chunk)) texts += numbers.filter((number) => number !== NONE).length;
    pages.push(numbers);
  }
  return joined(pages, entries);
}

function numbersIn(file: Buffer, page: PageHeader, chunk: ColumnChunk, firstText: number): Int32Array {
  const { bytes, start, present, definition } = bodyOf(file, page, chunk);
  const texts = new Int32Array(present);
  if (hasTexts(page, chunk)) for (let i = 0; i < present; i++) texts[i] = firstText + i;
  else readRuns(indicesOf(bytes, start, present), texts);
  if (present === page.values) return texts;
  const levels = new Int32Array(page.values);
  readRuns(definition, levels);
  let next = 0;
  return levels.map((level) => (level === chunk.mostDefinition ? (texts[next++] ?? NONE) : NONE));
}

function joined(pages: readonly Int32Array[], entries: number): Int32Array {
  const [first, ...others] = pages;
  if (first !== undefined && others.length === 0) return first;
  const all = new Int32Array(entries);
  let at = 0;
  for (const page of pages) {
    all.set(page, at);
    at += page.length;
  }
  return all;
}
