import type { FixedWidthColumn } from '../columns/fixed_width.js';
import type { AnyColumn } from '../columns/index.js';
import { AttributesColumn, ListColumn, type Lists } from '../columns/nested.js';
import { NULL_TEXT, TextColumn } from '../columns/text.js';
import type { Chunk } from './chunk.js';
import { FixedValues } from './fixed_values.js';
import { writeLevels, writeSameLevels } from './levels.js';
import { Scratch } from './scratch.js';
import { TextValues } from './text_values.js';

/** Lists that so many rows have on the average, such as the attributes of resources, are numbered once. */
const OFTEN = 4;

type AnyList = Extract<AnyColumn, ListColumn<TextColumn | FixedWidthColumn>>;

/** Makes the chunks of columns: levels, then values. Its arrays serve one column after the other. */
export class ColumnEncoder {
  private readonly texts = new TextValues();
  private readonly fixed = new FixedValues();
  private readonly repetition = new Scratch((length) => new Uint8Array(length));
  private readonly definition = new Scratch((length) => new Uint8Array(length));
  private readonly items = new Scratch((length) => new Uint32Array(length));

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
    const { entries, items } = this.unfold(column, rows);
    this.writeNestedLevels(chunk, entries, items, 1);
    this.writeValues(column.items, this.items.of(items), items, chunk);
    done();
  }

  private encodeAttributes(
    column: AttributesColumn,
    rows: Uint32Array,
    chunk: Chunk,
    done: () => void,
  ): void {
    const { keys, values, lists } = column;
    const { entries, items } = this.unfold(column, rows);
    const order = this.items.of(items);
    const complete = values.nulls === 0 && items === entries;
    const shared = complete && lists.count * OFTEN < rows.length;
    this.writeNestedLevels(chunk, entries, items, 1);
    if (shared) this.texts.writeLists(chunk, keys, lists, rows, items);
    else this.texts.write(chunk, keys, order, items);
    done();
    chunk.clear();
    const present = complete ? items : this.raiseLevels(values, order, entries);
    this.writeNestedLevels(chunk, entries, present, 2);
    if (shared) this.texts.writeLists(chunk, values, lists, rows, items);
    else this.texts.write(chunk, values, order, items);
    done();
  }

  /**
   * Lists the items of the rows in order, and their levels: repetition 0 for the first of a row, 1 for the others;
   * definition 1, and 0 for a row without items, which is an entry nevertheless.
   */
  private unfold(
    { lists }: { readonly lists: Lists },
    rows: Uint32Array,
  ): { entries: number; items: number } {
    let total = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      total += Math.max(1, lists.last(row) - lists.first(row));
    }
    const repetition = this.repetition.of(total + 8);
    const definition = this.definition.of(total + 8);
    const order = this.items.of(total);
    repetition.fill(1, 0, total);
    definition.fill(1, 0, total);
    let entries = 0;
    let items = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const first = lists.first(row);
      const last = lists.last(row);
      repetition[entries] = 0;
      if (first === last) definition[entries++] = 0;
      else entries += last - first;
      for (let item = first; item < last; item++) order[items++] = item;
    }
    return { entries, items };
  }

  /** Makes the definition levels of items 2 where they hold a value; returns how many do. */
  private raiseLevels(values: TextColumn, order: Uint32Array, entries: number): number {
    const definition = this.definition.of(entries + 8);
    let item = 0;
    let present = 0;
    for (let entry = 0; entry < entries; entry++) {
      if (definition[entry] === 0 || values.texts[order[item++] ?? 0] === NULL_TEXT) continue;
      definition[entry] = 2;
      present++;
    }
    return present;
  }

  /** Writes the levels of a column's entries, of which `present` hold a value, at level `most`. */
  private writeNestedLevels(chunk: Chunk, entries: number, present: number, most: number): void {
    chunk.values = entries;
    chunk.nulls = entries - present;
    writeLevels(chunk.page, this.repetition.of(entries + 8), entries, 1);
    if (present === entries) writeSameLevels(chunk.page, most, entries);
    else writeLevels(chunk.page, this.definition.of(entries + 8), entries, most);
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
