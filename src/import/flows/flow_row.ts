import type { Column } from '../../schema/table.js';
import { flows } from '../../schema/tables/flows.js';
import { BoolColumn, Int32Column, Int64Column, TimestampColumn } from '../../tape/columns/fixed_width.js';
import type { AnyColumn } from '../../tape/columns/index.js';
import { TextListColumn } from '../../tape/columns/nested.js';
import { TextColumn } from '../../tape/columns/text.js';
import type { RowBatch } from '../../tape/row_batch.js';

type Flows = typeof flows.columns;

interface Values {
  readonly timestamp: bigint;
  readonly int64: bigint;
  readonly int32: number;
  readonly bool: boolean;
  readonly text: string;
  readonly text_list: readonly string[];
}

type ValueOf<C extends Column> = C['type']['physical'] extends keyof Values
  ? Values[C['type']['physical']]
  : never;

type Row = { readonly [K in Exclude<keyof Flows, 'node'>]: ValueOf<Flows[K]> | null };

/** A row of `flows`; what it does not name is NULL, or an empty list. */
export type FlowRow = Partial<Row> & { readonly time: bigint; readonly tool: 'hubble' | 'netobserv' };

/** Adds a row to a batch of `flows`. */
export function appendFlow(batch: RowBatch<Flows>, row: FlowRow): void {
  for (const name of COLUMNS) append(batch.columns[name], row[name] ?? null);
}

const COLUMNS = Object.keys(flows.columns).filter((name) => name !== 'node') as (keyof Row)[];

function append(column: AnyColumn, value: Values[keyof Values] | null): void {
  if (column instanceof TextListColumn) {
    for (const item of (value ?? []) as readonly string[]) column.items.appendString(item);
    column.endRow();
  } else if (value === null) column.appendNull();
  else if (column instanceof TextColumn) column.appendString(value as string);
  else if (column instanceof Int32Column) column.append(value as number);
  else if (column instanceof BoolColumn) column.append(value as boolean);
  else if (column instanceof Int64Column || column instanceof TimestampColumn)
    column.appendBigint(value as bigint);
}
