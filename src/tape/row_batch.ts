import { type Data, Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { KtapeError } from '../errors.js';
import type { Columns, Table } from '../schema/table.js';
import { TimestampColumn } from './columns/fixed_width.js';
import { type AnyColumn, type ColumnOf, newColumn } from './columns/index.js';
import { TextColumn } from './columns/text.js';
import { timeOrder } from './time_order.js';

/** New columns to append to: every column but `node`, which is the same for the whole batch. */
export function columnsOf<C extends Columns>(columns: C): BatchColumns<C> {
  const pairs = Object.entries(columns).filter(([name]) => name !== 'node');
  return Object.fromEntries(
    pairs.map(([name, { type }]) => [name, newColumn(type.physical)]),
  ) as BatchColumns<C>;
}

/** A table's columns to append to: every column but `node`, which is the same for the whole batch. */
export type BatchColumns<C extends Columns> = {
  readonly [K in Exclude<keyof C, 'node'>]: ColumnOf<C[K]['type']['physical']>;
};

/** Rows of one table seen by one node, growing in Arrow's layout until they are sealed. */
export class RowBatch<C extends Columns = Columns> {
  readonly columns: BatchColumns<C>;
  private readonly byName: ReadonlyMap<string, AnyColumn>;

  constructor(
    readonly table: Table<C>,
    readonly node: string,
  ) {
    this.columns = columnsOf(table.columns);
    this.byName = new Map(Object.entries(this.columns) as [string, AnyColumn][]);
  }

  get rows(): number {
    return this.time.length;
  }

  /** Memory that the rows take, in bytes, about. */
  get bytes(): number {
    let sum = 0;
    for (const column of this.byName.values()) sum += column.bytes;
    return sum;
  }

  /** The column of that name, where the name is only known at run time. */
  column(name: string): AnyColumn | undefined {
    return this.byName.get(name);
  }

  /** Forgets the rows from `rows` on, also those only half appended. */
  truncate(rows: number): void {
    for (const column of this.byName.values()) column.truncate(rows);
  }

  /** First and last time of the rows, nanoseconds since the epoch; undefined without rows. */
  timeRange(): { first: bigint; last: bigint } | undefined {
    if (this.rows === 0) return undefined;
    let first = this.time.bigint(0);
    let last = first;
    for (let row = 1; row < this.rows; row++) {
      const time = this.time.bigint(row);
      if (time < first) first = time;
      if (time > last) last = time;
    }
    return { first, last };
  }

  /** All rows as one Arrow record batch, sorted by time. Valid until the next append. */
  toArrow(): RecordBatch {
    const order = timeOrder(this.time);
    const fields: Field[] = [];
    const children: Data[] = [];
    for (const [name, { nullable }] of Object.entries(this.table.columns)) {
      const data = name === 'node' ? this.nodeColumn() : this.checked(name, nullable).toArrow(order);
      fields.push(new Field(name, data.type, nullable));
      children.push(data);
    }
    const schema = new Schema(fields);
    return new RecordBatch(
      schema,
      makeData({ type: new Struct(fields), length: this.rows, nullCount: 0, children }),
    );
  }

  private get time(): TimestampColumn {
    const column = this.byName.get('time');
    if (column instanceof TimestampColumn) return column;
    throw new KtapeError(`table ${this.table.name} has no column time of timestamps`);
  }

  private checked(name: string, nullable: boolean): AnyColumn {
    const column = this.byName.get(name);
    if (column === undefined || column.length !== this.rows) {
      throw new KtapeError(
        `${this.table.name}.${name}: ${column?.length ?? 0} values for ${this.rows} rows; every row needs one`,
      );
    }
    if (!nullable && column.nulls > 0) {
      throw new KtapeError(`${this.table.name}.${name}: ${column.nulls} NULLs in a column that has none`);
    }
    return column;
  }

  private nodeColumn(): Data {
    const column = new TextColumn();
    for (let row = 0; row < this.rows; row++) column.appendString(this.node);
    return column.toArrow(undefined);
  }
}
