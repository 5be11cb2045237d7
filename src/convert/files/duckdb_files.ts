import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from '../../schema/table.js';
import { TEMPORARY } from '../../tape/durable_file.js';
import { sqlList, sqlText } from '../../tape/sql/literals.js';
import type { SegmentDatabase } from '../segment_database.js';
import { type TimeForm, timeColumns } from './times.js';

/** What is written of a table. */
export interface WrittenTable {
  readonly table: string;
  readonly files: readonly string[];
  readonly rows: bigint;
  /** Times that lost digits beyond microseconds. */
  readonly cutTimes: bigint;
}

const WRITTEN = {
  parquet: { ending: 'parquet', options: 'FORMAT parquet, COMPRESSION zstd' },
  csv: { ending: 'csv', options: 'FORMAT csv, HEADER' },
} as const;

/** Writes a table to one file, its rows in the order of its segments. */
export async function writeByDuckdb(
  database: SegmentDatabase,
  table: Table,
  segments: readonly string[],
  directory: string,
  format: keyof typeof WRITTEN,
  time: TimeForm,
): Promise<WrittenTable> {
  const { ending, options } = WRITTEN[format];
  const file = `${table.name}.${ending}`;
  const from = segments.length === 0 ? noRows(table) : `FROM read_parquet(${sqlList(segments)})`;
  const columns = Object.keys(table.columns).map((name) => columnAs(table, name, format, time));
  const temporary = join(directory, `${file}${TEMPORARY}`);
  await database.run(`COPY (SELECT ${columns.join(', ')} ${from}) TO ${sqlText(temporary)} (${options})`);
  await rename(temporary, join(directory, file));
  const cut = timeColumns(table).map((name) => `count(*) FILTER (epoch_ns("${name}") % 1000 <> 0)`);
  const [rows, cutTimes] = await database.row(`SELECT count(*), ${cut.join(' + ') || '0'} ${from}`);
  return {
    table: table.name,
    files: [file],
    rows: rows as bigint,
    cutTimes: time === 'us-utc' ? (cutTimes as bigint) : 0n,
  };
}

/** CSV has no maps and lists: they are written as JSON. */
function columnAs(table: Table, name: string, format: keyof typeof WRITTEN, time: TimeForm): string {
  const physical = table.columns[name]?.type.physical ?? 'text';
  if (physical === 'timestamp') {
    if (time === 'int64') return `epoch_ns("${name}") AS "${name}"`;
    if (time === 'us-utc') return `make_timestamp(epoch_ns("${name}") // 1000)::TIMESTAMPTZ AS "${name}"`;
  }
  const isNested = physical === 'attributes' || physical.endsWith('_list');
  return isNested && format === 'csv' ? `to_json("${name}")::VARCHAR AS "${name}"` : `"${name}"`;
}

/** A table that was captured and saw nothing still has its columns. */
function noRows({ columns }: Table): string {
  const nulls = Object.entries(columns).map(([name, { type }]) => `NULL::${type.sql} AS "${name}"`);
  return `FROM (SELECT ${nulls.join(', ')}) WHERE false`;
}
