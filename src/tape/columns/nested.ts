import { type Cell, FIRST_CAPACITY, type GrowingColumn, grown, int32s } from './column.js';
import { Float64Column, Uint64Column } from './fixed_width.js';
import { TextColumn } from './text.js';
import type { TextPool } from './text_pool.js';

/**
 * Of each row the list that it holds, and where each list ends among the items. A list that many rows hold, such as the
 * attributes of a resource, is there once.
 */
export class Lists {
  rows = 0;
  /** Number of the list of each row. Replaced when it grows. */
  listOf = int32s(FIRST_CAPACITY);
  /** Number of items before each list, and after the last one. Replaced when it grows. */
  starts = int32s(FIRST_CAPACITY + 1);
  /** How many lists there are. */
  count = 0;

  /** Ends a list, `items` being how many items there are so far, and gives it to the next `times` rows. */
  end(items: number, times: number): void {
    if (times <= 0) return;
    if (this.count + 2 > this.starts.length) this.starts = grown(this.starts, int32s, this.count + 2);
    const rows = this.rows + times;
    if (rows > this.listOf.length) this.listOf = grown(this.listOf, int32s, rows);
    if (times === 1) this.listOf[this.rows] = this.count;
    else this.listOf.fill(this.count, this.rows, rows);
    this.rows = rows;
    this.starts[++this.count] = items;
  }

  /** Gives a list that there is already to the next row too. */
  again(list: number): void {
    if (this.rows === this.listOf.length) this.listOf = grown(this.listOf, int32s, this.rows + 1);
    this.listOf[this.rows++] = list;
  }

  /** Number of items before the list of a row. */
  first(row: number): number {
    return this.starts[this.listOf[row] ?? 0] ?? 0;
  }

  /** Number of items up to the end of the list of a row. */
  last(row: number): number {
    return this.starts[(this.listOf[row] ?? 0) + 1] ?? 0;
  }

  /** Forgets the rows from `rows` on; returns how many items the others have. */
  truncate(rows: number): number {
    this.rows = Math.min(rows, this.rows);
    this.count = 0;
    for (let row = 0; row < this.rows; row++) this.count = Math.max(this.count, (this.listOf[row] ?? 0) + 1);
    return this.starts[this.count] ?? 0;
  }
}

/** What columns share whose rows hold any number of items: never NULL, a row without items is an empty list. */
abstract class NestedColumn {
  readonly lists = new Lists();
  readonly nulls = 0;

  get length(): number {
    return this.lists.rows;
  }

  appendNull(): void {
    this.endRow();
  }

  padTo(length: number): void {
    while (this.length < length) this.endRow();
  }

  abstract endRow(): void;
}

/** Attributes: append to `keys` and `values` alike, then end the row. Duplicate keys and order are kept. */
export class AttributesColumn extends NestedColumn implements GrowingColumn {
  readonly keys: TextColumn;
  readonly values: TextColumn;

  constructor(pool?: TextPool) {
    super();
    this.keys = new TextColumn(pool);
    this.values = new TextColumn(this.keys.pool);
  }

  get bytes(): number {
    return this.keys.bytes + this.values.bytes + this.length * 4;
  }

  endRow(): void {
    this.lists.end(this.keys.length, 1);
  }

  appendCopies(from: AttributesColumn, row: number, times: number): void {
    if (times <= 0) return;
    const { lists } = from;
    this.keys.appendRange(from.keys, lists.first(row), lists.last(row));
    this.values.appendRange(from.values, lists.first(row), lists.last(row));
    this.lists.end(this.keys.length, times);
  }

  truncate(length: number): void {
    const items = this.lists.truncate(length);
    this.keys.truncate(items);
    this.values.truncate(items);
  }

  value(row: number): Cell {
    const pairs: Cell[] = [];
    for (let item = this.lists.first(row); item < this.lists.last(row); item++) {
      pairs.push([this.keys.string(item), this.values.value(item)]);
    }
    return pairs;
  }
}

/** Lists: append to `items`, then end the row. */
export abstract class ListColumn<I extends GrowingColumn> extends NestedColumn implements GrowingColumn {
  constructor(readonly items: I) {
    super();
  }

  get bytes(): number {
    return this.items.bytes + this.length * 4;
  }

  endRow(): void {
    this.lists.end(this.items.length, 1);
  }

  appendCopies(from: this, row: number, times: number): void {
    if (times <= 0) return;
    const { items, lists } = from;
    for (let item = lists.first(row); item < lists.last(row); item++) this.items.appendCopies(items, item, 1);
    this.lists.end(this.items.length, times);
  }

  truncate(length: number): void {
    this.items.truncate(this.lists.truncate(length));
  }

  value(row: number): Cell {
    const items: Cell[] = [];
    for (let item = this.lists.first(row); item < this.lists.last(row); item++) {
      items.push(this.items.value(item));
    }
    return items;
  }
}

export class Uint64ListColumn extends ListColumn<Uint64Column> {
  constructor() {
    super(new Uint64Column());
  }
}

export class Float64ListColumn extends ListColumn<Float64Column> {
  constructor() {
    super(new Float64Column());
  }
}

export class TextListColumn extends ListColumn<TextColumn> {
  constructor(pool?: TextPool) {
    super(new TextColumn(pool));
  }
}
