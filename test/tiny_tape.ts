import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataPlane } from '../src/policy/rules/data_plane.js';
import type { Cell } from '../src/query/cell.js';
import { TapeDatabase } from '../src/query/tape_database.js';
import type { Column, Table } from '../src/schema/table.js';
import { tableNamed } from '../src/schema/tables/index.js';
import { BoolColumn, Float64Column, Int32Column, Uint32Column } from '../src/tape/columns/fixed_width.js';
import type { AnyColumn } from '../src/tape/columns/index.js';
import {
  AttributesColumn,
  Float64ListColumn,
  TextListColumn,
  Uint64ListColumn,
} from '../src/tape/columns/nested.js';
import { TextColumn } from '../src/tape/columns/text.js';
import type { Source } from '../src/tape/manifest.js';
import { RowBatch } from '../src/tape/row_batch.js';
import { openTape } from '../src/tape/tape.js';
import { parseTime } from '../src/tape/time.js';
import { TapeWriter } from '../src/tape/writer.js';

/** A value of a row as a test writes it; a time is text, the day may be left out. */
type TinyValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly (readonly [string, string])[]
  | readonly number[]
  | readonly string[];
export type TinyRow = Readonly<Record<string, TinyValue>>;
/** Rows by table; a table with `[]` was captured and saw nothing. */
export type TinyTables = Readonly<Record<string, readonly TinyRow[]>>;

export interface TinyTapeOptions {
  /** Who enforces the policies; by default their kinds tell. */
  readonly dataPlane?: DataPlane;
  readonly sources?: readonly Source[];
  readonly state?: 'recording' | 'complete';
  /** The node that recorded; `node-1` unless told. */
  readonly node?: string;
  /** Time of day at which recording began. */
  readonly started?: string;
}

const DAY = '2026-11-22';
const NODE = 'node-1';

/** Writes a tape of these rows to `tape` in a directory; returns its path. Columns left out are NULL, 0 or empty. */
export async function writeTinyTape(
  parent: string,
  tables: TinyTables,
  options: TinyTapeOptions = {},
): Promise<string> {
  const { node = NODE, started = '10:00:00' } = options;
  const directory = join(parent, 'tape');
  const writer = await TapeWriter.create(directory, {
    tool: 'ktape test',
    started: tinyTime(started),
    nodes: [{ name: node, kernel: '6.1.0', architecture: 'x86_64', boot_time: null }],
  });
  await writer.describe(options.sources ?? [], Object.keys(tables));
  await writer.seal(tinyBatches(tables, node));
  if (options.state !== 'recording') await writer.complete(tinyTime('10:01:00'));
  return directory;
}

/** Gives a test a tape of these rows, opened for questions, and removes it afterwards. */
export async function withTinyTape<R>(
  tables: TinyTables,
  use: (database: TapeDatabase) => Promise<R>,
  options: TinyTapeOptions = {},
): Promise<R> {
  const parent = await mkdtemp(join(tmpdir(), 'ktape-test-'));
  try {
    const tape = await openTape(await writeTinyTape(parent, tables, options));
    const database = await TapeDatabase.open(tape, parent, options.dataPlane);
    try {
      return await use(database);
    } finally {
      database.close();
    }
  } finally {
    await rm(parent, { recursive: true });
  }
}

/** The rows that a statement gives on a tape of these rows. */
export function rowsOf(tables: TinyTables, sql: string): Promise<(readonly Cell[])[]> {
  return withTinyTape(tables, (database) => database.rows(sql));
}

/** A row of kubernetes_objects made of the object itself. */
export function observed(time: string, how: string, object: KubernetesObject): TinyRow {
  const { metadata } = object;
  return {
    time,
    observed: how,
    kind: object.kind,
    api_version: object.apiVersion ?? 'v1',
    namespace: metadata.namespace ?? null,
    name: metadata.name,
    uid: metadata.uid ?? `uid-of-${metadata.name}`,
    resource_version: metadata.resourceVersion ?? time,
    object: how === 'vanished' ? null : JSON.stringify(object),
  };
}

export interface KubernetesObject {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Nanoseconds since the epoch of a time of day. */
export function tinyTime(text: string): bigint {
  return parseTime(text.includes('T') ? text : `${DAY}T${text}Z`);
}

/** The rows of every table that has some, to be sealed. */
export function tinyBatches(tables: TinyTables, node = NODE): RowBatch[] {
  return Object.entries(tables).flatMap(([name, rows]) =>
    rows.length === 0 ? [] : batchOf(name, rows, node),
  );
}

function batchOf(name: string, rows: readonly TinyRow[], node: string): RowBatch {
  const table = tableNamed(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const batch = new RowBatch(table, node);
  for (const row of rows) appendRow(batch, table, row);
  return batch;
}

function appendRow(batch: RowBatch, table: Table, row: TinyRow): void {
  const unknown = Object.keys(row).find((name) => table.columns[name] === undefined);
  if (unknown !== undefined) throw new Error(`${table.name} has no column ${unknown}`);
  for (const [name, declared] of Object.entries(table.columns)) {
    const column = batch.column(name);
    if (column !== undefined) append(column, declared, row[name] ?? null);
  }
}

function append(column: AnyColumn, { type, nullable }: Column, value: TinyValue): void {
  if (column instanceof AttributesColumn) {
    for (const [key, text] of (value ?? []) as readonly (readonly [string, string])[]) {
      column.keys.appendString(key);
      column.values.appendString(text);
    }
    column.endRow();
  } else if (column instanceof Float64ListColumn || column instanceof Uint64ListColumn) {
    for (const item of (value ?? []) as readonly number[]) {
      if (column instanceof Float64ListColumn) column.items.append(item);
      else column.items.appendBigint(BigInt(item));
    }
    column.endRow();
  } else if (column instanceof TextListColumn) {
    for (const item of (value ?? []) as readonly string[]) column.items.appendString(item);
    column.endRow();
  } else if (value === null && nullable) column.appendNull();
  else if (column instanceof TextColumn) column.appendString(String(value ?? ''));
  else if (column instanceof BoolColumn) column.append(value === true);
  else if (
    column instanceof Float64Column ||
    column instanceof Int32Column ||
    column instanceof Uint32Column
  ) {
    column.append(Number(value ?? 0));
  } else if (type.physical === 'timestamp') column.appendBigint(tinyTime(String(value)));
  else column.appendBigint(BigInt((value ?? 0) as number | bigint));
}
