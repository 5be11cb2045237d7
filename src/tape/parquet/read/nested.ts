import type { FixedWidthColumn } from '../../columns/fixed_width.js';
import type { AttributesColumn, ListColumn } from '../../columns/nested.js';
import { TextColumn } from '../../columns/text.js';
import { type Nesting, readChunk } from './chunk.js';
import type { ChunkPlace } from './footer.js';
import { Malformed } from './malformed.js';

/** Appends the rows of a chunk of lists. */
export function readList<I extends TextColumn | FixedWidthColumn>(
  file: Uint8Array,
  chunk: ChunkPlace,
  rows: number,
  column: ListColumn<I>,
): void {
  const { items, lists } = column;
  const nesting = readChunk(file, chunk, items);
  if (items.nulls > 0) throw new Malformed('a NULL in a list');
  forEachRow(nesting, rows, (_, end) => lists.end(end, 1));
}

/** Appends the rows of the two chunks of a map. Rows that have the same items mostly share them. */
export function readAttributes(
  file: Uint8Array,
  [keyChunk, valueChunk]: readonly [ChunkPlace, ChunkPlace],
  rows: number,
  column: AttributesColumn,
): void {
  const { pool } = column.keys;
  const keys = new TextColumn(pool);
  const values = new TextColumn(pool);
  const nesting = readChunk(file, keyChunk, keys);
  const alike = readChunk(file, valueChunk, values);
  if (!sameBytes(nesting.repetition, alike.repetition) || !sameBytes(nesting.isItem, alike.isItem)) {
    throw new Malformed('keys and values that are not in pairs');
  }
  if (keys.nulls > 0) throw new Malformed('a NULL among the keys');
  const lists = new KnownLists(column);
  forEachRow(nesting, rows, (first, end) => {
    const known = lists.find(keys, values, first, end);
    if (known !== undefined) column.lists.again(known);
    else {
      column.keys.appendRange(keys, first, end);
      column.values.appendRange(values, first, end);
      column.endRow();
    }
  });
}

/** Lists that hold the same attributes, such as those of one resource, are there once, wherever their rows are. */
const REMEMBERED = 1 << 14;

/** Remembers lists of attributes that a column has, each until another has the same hash. */
class KnownLists {
  /** Numbers of lists, plus 1, by their hashes; 0 where none is known. */
  private readonly slots = new Int32Array(REMEMBERED);

  constructor(private readonly column: AttributesColumn) {}

  /** Number of a list that has these keys and values. Without one, these are taken to become the next list. */
  find(keys: TextColumn, values: TextColumn, first: number, end: number): number | undefined {
    let hash = end - first;
    for (let i = first; i < end; i++) {
      hash = Math.imul(hash ^ (keys.texts[i] ?? 0), 0x9e3779b1);
      hash = Math.imul(hash ^ (hash >>> 15) ^ (values.texts[i] ?? 0), 0x85ebca6b);
    }
    const slot = (hash ^ (hash >>> 14)) & (REMEMBERED - 1);
    const { lists } = this.column;
    const list = (this.slots[slot] ?? 0) - 1;
    const from = lists.starts[list] ?? 0;
    const isSame =
      list >= 0 &&
      (lists.starts[list + 1] ?? 0) - from === end - first &&
      sameTexts(this.column.keys.texts, from, keys.texts, first, end) &&
      sameTexts(this.column.values.texts, from, values.texts, first, end);
    if (isSame) return list;
    this.slots[slot] = lists.count + 1;
    return undefined;
  }
}

/** Calls with the items of each row, the end not included. */
function forEachRow(
  { repetition, isItem }: Nesting,
  rows: number,
  use: (first: number, end: number) => void,
): void {
  let seen = 0;
  let item = 0;
  for (let entry = 0; entry < repetition.length; seen++) {
    if (repetition[entry] !== 0) throw new Malformed('lists that begin in the middle of a row');
    const first = item;
    do item += isItem[entry++] ?? 0;
    while (entry < repetition.length && repetition[entry] !== 0);
    use(first, item);
  }
  if (seen !== rows) throw new Malformed(`lists of ${seen} rows in a row group of ${rows}`);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function sameTexts(known: Int32Array, from: number, texts: Int32Array, first: number, end: number): boolean {
  for (let i = first, j = from; i < end; i++, j++) if (texts[i] !== known[j]) return false;
  return true;
}
