import { KtapeError } from '../errors.js';
import type { SemanticType } from '../schema/semantic_type.js';
import type { Columns, Table } from '../schema/table.js';
import { T } from '../schema/types.js';
import type { Cell } from './columns/column.js';
import { TimestampColumn } from './columns/fixed_width.js';
import { type AnyColumn, type ColumnOf, newColumn } from './columns/index.js';
import { TextColumn } from './columns/text.js';
import { TextPool } from './columns/text_pool.js';
import { extremes } from './time_order.js';

/** Random ids: among them the texts that repeat would lie far apart in memory, where it takes time to get them from. */
const IDS: ReadonlySet<SemanticType> = new Set([T.trace_id, T.span_id]);

/**
 * New columns to append to: every column but `node`, which is the same for the whole batch. Their texts are in the pool,
 * random ids in pools of their own.
 */
export function columnsOf<C extends Columns>(columns: C, pool: TextPool): BatchColumns<C> {
  const pairs = Object.entries(columns).filter(([name]) => name !== 'node');
  return Object.fromEntries(
    pairs.map(([name, { type }]) => [name, newColumn(type.physical, IDS.has(type) ? new TextPool() : pool)]),
  ) as BatchColumns<C>;
}

/** A table's columns to append to: every column but `node`, which is the same for the whole batch. */
export type BatchColumns<C extends Columns> = {
  readonly [K in Exclude<keyof C, 'node'>]: ColumnOf<C[K]['type']['physical']>;
};

/** Rows of one table seen by one node, growing until they are sealed. */
export class RowBatch<C extends Columns = Columns> {
  /** When each row happened. */
  readonly time: TimestampColumn;
  private readonly byName: ReadonlyMap<string, AnyColumn>;
  private readonly nullable: readonly AnyColumn[];
  private readonly pools: ReadonlySet<TextPool>;

  /**
   * @param pool the texts of all columns but ids
   * @param columns rows that there are already; none by default
   */
  constructor(
    readonly table: Table<C>,
    readonly node: string,
    readonly pool: TextPool = new TextPool(),
    readonly columns: BatchColumns<C> = columnsOf(table.columns, pool),
  ) {
    this.byName = new Map(Object.entries(this.columns) as [string, AnyColumn][]);
    this.nullable = [...this.byName]
      .filter(([name]) => table.columns[name]?.nullable)
      .map(([, column]) => column);
    const texts = [...this.byName.values()].filter((column) => column instanceof TextColumn);
    this.pools = new Set([pool, ...texts.map((column) => column.pool)]);
    const time = this.byName.get('time');
    if (!(time instanceof TimestampColumn)) {
      throw new KtapeError(`table ${table.name} has no column time of timestamps`);
    }
    this.time = time;
  }

  get rows(): number {
    return this.time.length;
  }

  /** Memory that the rows take, in bytes, about. */
  get bytes(): number {
    let sum = 0;
    for (const pool of this.pools) sum += pool.bytes;
    for (const column of this.byName.values()) sum += column.bytes;
    return sum;
  }

  /** The column of that name, where the name is only known at run time. */
  column(name: string): AnyColumn | undefined {
    return this.byName.get(name);
  }

  /** Makes every column that may be NULL as long as there are rows: so a row need not say what it lacks. */
  padNulls(): void {
    for (const column of this.nullable) column.padTo(this.rows);
  }

  /** Forgets the rows from `rows` on, also those only half appended. */
  truncate(rows: number): void {
    for (const column of this.byName.values()) column.truncate(rows);
    if (rows === 0) for (const pool of this.pools) pool.clear();
  }

  /** First and last time of the rows, nanoseconds since the epoch; undefined without rows. */
  timeRange(): { first: bigint; last: bigint } | undefined {
    if (this.rows === 0) return undefined;
    const { earliest, latest } = extremes(this.time);
    return { first: this.time.bigint(earliest), last: this.time.bigint(latest) };
  }

  /** A row as tests and messages read it, every column but `node`. */
  row(row: number): Record<string, Cell> {
    return Object.fromEntries([...this.byName].map(([name, column]) => [name, column.value(row)]));
  }

  /** The column of that name, which holds a value for every row, and no NULL where none may be. */
  complete(name: string): AnyColumn {
    const column = this.byName.get(name);
    const nullable = this.table.columns[name]?.nullable ?? false;
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
}
