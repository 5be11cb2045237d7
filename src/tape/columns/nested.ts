import { type Data, Field, Float64, List, Map_, makeData, Struct, Uint64, Utf8 } from 'apache-arrow';
import { FIRST_CAPACITY, type GrowingColumn } from './column.js';
import { Float64Column, Uint64Column } from './fixed_width.js';
import { TextColumn } from './text.js';

/** Row boundaries of a column whose rows hold any number of items. */
class Rows {
  length = 0;
  private ends = new Int32Array(FIRST_CAPACITY + 1);

  /** Ends the next row, `items` being how many items there are so far. */
  end(items: number): void {
    if (this.length + 2 > this.ends.length) {
      const larger = new Int32Array(this.ends.length * 2);
      larger.set(this.ends);
      this.ends = larger;
    }
    this.length++;
    this.ends[this.length] = items;
  }

  /** Number of items before `row`. */
  start(row: number): number {
    return this.ends[row] ?? 0;
  }

  truncate(length: number): void {
    this.length = length;
  }

  /** Arrow's offsets of the rows in `order`, and the order that puts the items likewise. */
  gathered(order: Uint32Array | undefined): { offsets: Int32Array; items: Uint32Array | undefined } {
    if (order === undefined) return { offsets: this.ends.slice(0, this.length + 1), items: undefined };
    const offsets = new Int32Array(this.length + 1);
    const items = new Uint32Array(this.start(this.length));
    let count = 0;
    order.forEach((row, at) => {
      for (let item = this.start(row); item < this.start(row + 1); item++) items[count++] = item;
      offsets[at + 1] = count;
    });
    return { offsets, items };
  }
}

/** Attributes: append to `keys` and `values` alike, then end the row. Duplicate keys and order are kept. */
export class AttributesColumn implements GrowingColumn {
  readonly keys = new TextColumn();
  readonly values = new TextColumn();
  private readonly rows = new Rows();
  readonly nulls = 0;

  get length(): number {
    return this.rows.length;
  }

  get bytes(): number {
    return this.keys.bytes + this.values.bytes + this.length * 4;
  }

  endRow(): void {
    this.rows.end(this.keys.length);
  }

  /** Forgets the attributes of a row that was begun and not ended. */
  abandonRow(): void {
    this.truncate(this.length);
  }

  /** Attributes are never NULL: a row without any is an empty map. */
  appendNull(): void {
    this.endRow();
  }

  appendCopies(from: AttributesColumn, row: number, times: number): void {
    const first = from.rows.start(row);
    const end = from.rows.start(row + 1);
    const before = this.keys.length;
    this.keys.appendRangeCopies(from.keys, first, end, times);
    this.values.appendRangeCopies(from.values, first, end, times);
    for (let i = 1; i <= times; i++) this.rows.end(before + i * (end - first));
  }

  truncate(length: number): void {
    const items = this.rows.start(length);
    this.keys.truncate(items);
    this.values.truncate(items);
    this.rows.truncate(length);
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { offsets, items } = this.rows.gathered(order);
    const entryType = new Struct([new Field('key', new Utf8(), false), new Field('value', new Utf8(), true)]);
    const entries = makeData({
      type: entryType,
      length: this.keys.length,
      nullCount: 0,
      children: [this.keys.toArrow(items), this.values.toArrow(items)],
    });
    const type = new Map_<Utf8, Utf8>(new Field('entries', entryType, false));
    return makeData({ type, length: this.length, nullCount: 0, valueOffsets: offsets, child: entries });
  }
}

abstract class ListColumn<I extends GrowingColumn> implements GrowingColumn {
  private readonly rows = new Rows();
  readonly nulls = 0;

  constructor(
    readonly items: I,
    private readonly field: Field,
  ) {}

  get length(): number {
    return this.rows.length;
  }

  get bytes(): number {
    return this.items.bytes + this.length * 4;
  }

  /** Ends the row whose items were appended to `items`. */
  endRow(): void {
    this.rows.end(this.items.length);
  }

  /** Lists are never NULL: a row without items is an empty list. */
  appendNull(): void {
    this.endRow();
  }

  appendCopies(from: this, row: number, times: number): void {
    for (let i = 0; i < times; i++) {
      for (let item = from.rows.start(row); item < from.rows.start(row + 1); item++) {
        this.items.appendCopies(from.items, item, 1);
      }
      this.endRow();
    }
  }

  truncate(length: number): void {
    this.items.truncate(this.rows.start(length));
    this.rows.truncate(length);
  }

  toArrow(order: Uint32Array | undefined): Data {
    const { offsets, items } = this.rows.gathered(order);
    return makeData({
      type: new List(this.field),
      length: this.length,
      nullCount: 0,
      valueOffsets: offsets,
      child: this.items.toArrow(items),
    });
  }
}

export class Uint64ListColumn extends ListColumn<Uint64Column> {
  constructor() {
    super(new Uint64Column(), new Field('item', new Uint64(), false));
  }
}

export class Float64ListColumn extends ListColumn<Float64Column> {
  constructor() {
    super(new Float64Column(), new Field('item', new Float64(), false));
  }
}

export class TextListColumn extends ListColumn<TextColumn> {
  constructor() {
    super(new TextColumn(), new Field('item', new Utf8(), false));
  }
}
