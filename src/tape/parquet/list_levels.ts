import { Lists } from '../columns/nested.js';
import { NULL_TEXT, type TextColumn } from '../columns/text.js';
import type { ByteBuffer } from './byte_buffer.js';
import { writeLevels, writePackedLevels, writeSameLevels } from './levels.js';
import { Scratch } from './scratch.js';

/**
 * The lists of rows, one after the other, and the levels that tell them apart: repetition 0 for the first entry of a
 * row, 1 for the others; definition 0 for an empty list, which is an entry nevertheless, more for an item.
 */
export class ListLevels {
  /** Items, and one for each empty list. */
  entries = 0;
  items = 0;
  private lists = new Lists();
  private rows: Uint32Array = new Uint32Array(0);
  /** Repetition levels, eight a byte: the leaves of a column have the same. */
  private readonly repetition = new Scratch((length) => new Uint8Array(length));
  private readonly definition = new Scratch((length) => new Uint8Array(length));
  private readonly order = new Scratch((length) => new Uint32Array(length));

  /** Begins a column, with its lists of these rows. */
  begin(lists: Lists, rows: Uint32Array): void {
    this.lists = lists;
    this.rows = rows;
    let items = 0;
    let empty = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const size = lists.last(row) - lists.first(row);
      items += size;
      if (size === 0) empty++;
    }
    this.items = items;
    this.entries = items + empty;
    if (items > 0) this.pack();
  }

  /** The items in order. */
  itemsInOrder(): Uint32Array {
    const { lists, rows } = this;
    const order = this.order.of(this.items);
    let at = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const last = lists.last(row);
      for (let item = lists.first(row); item < last; item++) order[at++] = item;
    }
    return order;
  }

  /**
   * Writes the levels of a leaf. Its items are at definition level `most`, a level below it where these texts of theirs
   * are NULL; returns how many are not.
   */
  write(page: ByteBuffer, most: number, texts?: TextColumn): number {
    const { entries, items } = this;
    if (items === 0 || entries === this.rows.length) writeSameLevels(page, 0, entries);
    else writePackedLevels(page, this.repetition.of((entries + 7) >> 3), entries);
    if (items === 0 || (items === entries && (texts?.nulls ?? 0) === 0)) {
      writeSameLevels(page, items === 0 ? 0 : most, entries);
      return items;
    }
    const definition = this.define(most);
    const present = texts === undefined ? items : this.lowerNulls(definition, texts);
    writeLevels(page, definition, entries, most);
    return present;
  }

  /** Packs the repetition levels: all 1, but for the first entry of each row. */
  private pack(): void {
    const { lists, rows, entries } = this;
    const size = (entries + 7) >> 3;
    const packed = this.repetition.of(size);
    packed.fill(0xff, 0, size);
    let entry = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      packed[entry >> 3] = (packed[entry >> 3] ?? 0) & ~(1 << (entry & 7));
      entry += Math.max(1, lists.last(row) - lists.first(row));
    }
    if (entries % 8 > 0) packed[size - 1] = (packed[size - 1] ?? 0) & (0xff >> (8 - (entries % 8)));
  }

  /** The definition levels: 0 for empty lists, `most` for items. */
  private define(most: number): Uint8Array {
    const { lists, rows, entries } = this;
    const definition = this.definition.of(entries + 8);
    definition.fill(most, 0, entries);
    let entry = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const size = lists.last(row) - lists.first(row);
      if (size === 0) definition[entry++] = 0;
      else entry += size;
    }
    return definition;
  }

  /** Makes the definition levels of NULLs one less; returns how many texts are not NULL. */
  private lowerNulls(definition: Uint8Array, { texts }: TextColumn): number {
    const order = this.itemsInOrder();
    let item = 0;
    let present = 0;
    for (let entry = 0; entry < this.entries; entry++) {
      const level = definition[entry] ?? 0;
      if (level === 0) continue;
      if (texts[order[item++] ?? 0] === NULL_TEXT) definition[entry] = level - 1;
      else present++;
    }
    return present;
  }
}
