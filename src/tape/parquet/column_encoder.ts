import type { FixedWidthColumn } from '../columns/fixed_width.js';
import type { AnyColumn } from '../columns/index.js';
import { AttributesColumn, ListColumn } from '../columns/nested.js';
import { TextColumn } from '../columns/text.js';
import type { Chunk } from './chunk.js';
import { FixedValues } from './fixed_values.js';
import { writeLevels, writeSameLevels } from './levels.js';
import { ListLevels } from './list_levels.js';
import { Scratch } from './scratch.js';
import { TextValues } from './text_values.js';

/** Lists that so many rows have on the average, such as the attributes of resources, are numbered once. */
const OFTEN = 4;

type AnyList = Extract<AnyColumn, ListColumn<TextColumn | FixedWidthColumn>>;

/** Makes the chunks of columns: levels, then values. Its arrays serve one column after the other. */
export class ColumnEncoder {
  private readonly texts = new TextValues();
  private readonly fixed = new FixedValues();
  private readonly lists = new ListLevels();
  private readonly definition = new Scratch((length) => new Uint8Array(length));

  /** Makes the chunk of each leaf of the column, one for most; `done` takes it, in the schema's order. */
  encode(column: AnyColumn, nullable: boolean, rows: Uint32Array, chunk: Chunk, done: () => void): void {
    chunk.clear();
    if (column instanceof AttributesColumn) this.encodeAttributes(column, rows, chunk, done);
    else if (column instanceof ListColumn) this.encodeList(column, rows, chunk, done);
    else {
      chunk.values = rows.length;
      if (nullable) this.writeNulls(column, rows, chunk);
      this.writeValues(column, rows, rows.length, chunk);
      done();
    }
  }

  private writeValues(
    column: TextColumn | FixedWidthColumn,
    rows: Uint32Array,
    count: number,
    chunk: Chunk,
  ): void {
    if (column instanceof TextColumn) this.texts.write(chunk, column, rows, count);
    else this.fixed.write(chunk, column, rows, count);
  }

  /** Writes which rows are NULL: level 0, others 1. */
  private writeNulls(column: TextColumn | FixedWidthColumn, rows: Uint32Array, chunk: Chunk): void {
    if (column.nulls === 0 || column.nulls === column.length) {
      chunk.nulls = column.nulls === 0 ? 0 : rows.length;
      writeSameLevels(chunk.page, column.nulls === 0 ? 1 : 0, rows.length);
      return;
    }
    const levels = this.definition.of(rows.length + 8);
    const present =
      column instanceof TextColumn
        ? textLevels(column.texts, rows, levels)
        : presentLevels(column.validity.present ?? levels, rows, levels);
    chunk.nulls = rows.length - present;
    writeLevels(chunk.page, levels, rows.length, 1);
  }

  private encodeList(column: AnyList, rows: Uint32Array, chunk: Chunk, done: () => void): void {
    const { lists } = this;
    lists.begin(column.lists, rows);
    this.writeListLevels(chunk, 1);
    this.writeValues(column.items, lists.itemsInOrder(), lists.items, chunk);
    done();
  }

  private encodeAttributes(
    column: AttributesColumn,
    rows: Uint32Array,
    chunk: Chunk,
    done: () => void,
  ): void {
    const { keys, values, lists } = column;
    this.lists.begin(lists, rows);
    const { items } = this.lists;
    const often = lists.count * OFTEN < rows.length && values.nulls === 0;
    const order = often ? undefined : this.lists.itemsInOrder();
    for (const texts of [keys, values]) {
      chunk.clear();
      this.writeListLevels(chunk, texts === keys ? 1 : 2, texts);
      if (order === undefined) this.texts.writeLists(chunk, texts, lists, rows, items);
      else this.texts.write(chunk, texts, order, items);
      done();
    }
  }

  /** Writes the levels of a leaf whose items are at definition level `most`, below it where their text is NULL. */
  private writeListLevels(chunk: Chunk, most: number, texts?: TextColumn): void {
    const { lists } = this;
    const present = lists.write(chunk.page, most, texts);
    chunk.values = lists.entries;
    chunk.nulls = lists.entries - present;
  }
}

/** Level 1 for each row that holds a text; returns how many do. */
function textLevels(texts: Int32Array, rows: Uint32Array, levels: Uint8Array): number {
  let present = 0;
  for (let i = 0; i < rows.length; i++) {
    // The sign bit tells NULL_TEXT from all numbers of texts.
    const level = 1 + ((texts[rows[i] ?? 0] ?? 0) >> 31);
    levels[i] = level;
    present += level;
  }
  return present;
}

/** Level 1 for each row that holds a value; returns how many do. */
function presentLevels(present: Uint8Array, rows: Uint32Array, levels: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const level = present[rows[i] ?? 0] ?? 0;
    levels[i] = level;
    count += level;
  }
  return count;
}
