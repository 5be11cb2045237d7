import {
  BoolColumn,
  type FixedWidthColumn,
  Float64Column,
  Int32Column,
  Uint32Column,
  WideColumn,
} from '../../columns/fixed_width.js';
import { TextColumn } from '../../columns/text.js';
import { Cursor } from './cursor.js';
import type { ChunkPlace } from './footer.js';
import { readLevels } from './levels.js';
import { pagesOf } from './pages.js';
import { type Cells, valueReader } from './values.js';

/** Where rows begin and which of them have items, for a chunk of list items. */
export interface Nesting {
  /** 0 where an entry begins a row, 1 where it goes on with it. */
  readonly repetition: Uint8Array;
  /** 1 where an entry is an item, 0 where it stands for an empty list. */
  readonly isItem: Uint8Array;
}

/** Appends the values of a chunk to a column: of a list its items. Of others than lists `repetition` is empty. */
export function readChunk(
  file: Uint8Array,
  chunk: ChunkPlace,
  column: TextColumn | FixedWidthColumn,
): Nesting {
  const { leaf } = chunk;
  const values = valueReader(leaf.type, column);
  const nested = leaf.repeated ? chunk.values : 0;
  const repetition = new Uint8Array(nested);
  const isItem = new Uint8Array(nested);
  let entry = 0;
  for (const page of pagesOf(file, chunk)) {
    const cursor = new Cursor(page.bytes);
    if (page.isDictionary) {
      values.readDictionary(cursor, page.values);
      continue;
    }
    const levels = readLevels(cursor, leaf, page.values);
    const cells = values.read(cursor, page.encoding, levels.present);
    if (leaf.repeated) {
      repetition.set(levels.repetition ?? [], entry);
      markItems(isItem, entry, page.values, levels.definition, leaf.itemDefinition);
    }
    append(column, cells, page.values, levels.definition, leaf.itemDefinition, leaf.mostDefinition);
    entry += page.values;
  }
  return { repetition, isItem };
}

/** Marks those of `count` entries from `first` on that are items. */
function markItems(
  isItem: Uint8Array,
  first: number,
  count: number,
  levels: Uint8Array | number,
  least: number,
): void {
  if (typeof levels === 'number') isItem.fill(levels >= least ? 1 : 0, first, first + count);
  else for (let i = 0; i < count; i++) isItem[first + i] = (levels[i] ?? 0) >= least ? 1 : 0;
}

/** Appends an entry for each level from `least` on: the next value at the level `most`, else NULL. */
function append(
  column: TextColumn | FixedWidthColumn,
  cells: Cells,
  count: number,
  levels: Uint8Array | number,
  least: number,
  most: number,
): void {
  if (typeof levels === 'number') {
    if (levels === most) appendValues(column, cells, 0, count);
    else if (levels >= least) column.padTo(column.length + count);
    return;
  }
  let next = 0;
  for (let i = 0; i < count; ) {
    const level = levels[i] ?? 0;
    const first = i;
    while (i < count && levels[i] === level) i++;
    if (level === most) {
      appendValues(column, cells, next, next + i - first);
      next += i - first;
    } else if (level >= least) column.padTo(column.length + i - first);
  }
}

function appendValues(column: TextColumn | FixedWidthColumn, cells: Cells, first: number, end: number): void {
  if (column instanceof TextColumn) {
    if (cells instanceof Int32Array) column.appendTexts(cells, first, end);
  } else if (column instanceof WideColumn) {
    for (let i = first; i < end; i++) column.append(cells[i * 2] ?? 0, cells[i * 2 + 1] ?? 0);
  } else if (column instanceof BoolColumn) {
    for (let i = first; i < end; i++) column.append(cells[i] === 1);
  } else if (isNarrow(column)) {
    for (let i = first; i < end; i++) column.append(cells[i] ?? 0);
  }
}

function isNarrow(column: FixedWidthColumn): column is Int32Column | Uint32Column | Float64Column {
  return column instanceof Int32Column || column instanceof Uint32Column || column instanceof Float64Column;
}
