import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bool,
  Column,
  columnFromValues,
  type DataType,
  float64,
  int32,
  int64,
  list,
  map,
  TimeUnit,
  tableFromColumns,
  tableToIPC,
  timestamp,
  uint32,
  uint64,
  utf8,
} from '@uwdata/flechette';
import type { Physical } from '../../schema/semantic_type.js';
import type { Table } from '../../schema/table.js';
import type { Cell } from '../../tape/columns/column.js';
import type { RowBatch } from '../../tape/row_batch.js';
import type { Tape } from '../../tape/tape.js';
import { segmentBatches } from '../table_rows.js';
import type { WrittenTable } from './duckdb_files.js';
import { type TimeForm, timeColumns } from './times.js';

/** Rows of a file, about: Arrow is made in memory. */
const FILE_ROWS = 100_000;

const TYPES: Readonly<Record<Exclude<Physical, 'timestamp'>, () => DataType>> = {
  int64,
  uint64,
  int32,
  uint32,
  float64,
  bool,
  text: utf8,
  attributes: () => map(utf8(), utf8()),
  uint64_list: () => list(uint64()),
  float64_list: () => list(float64()),
  text_list: () => list(utf8()),
};

/** Writes a table as files of Arrow's IPC format: one, or where it has many rows several that follow each other. */
export async function writeArrow(
  tape: Tape,
  table: Table,
  directory: string,
  time: TimeForm,
): Promise<WrittenTable> {
  const files: string[] = [];
  let [rows, cutTimes] = [0n, 0n];
  const write = async (batches: readonly RowBatch[]) => {
    const file = files.length === 0 ? `${table.name}.arrow` : `${table.name}-${files.length + 1}.arrow`;
    files.push(file);
    await writeFile(join(directory, file), encode(table, batches, time), { flush: true });
  };
  let waiting: RowBatch[] = [];
  let waitingRows = 0;
  for (const segment of tape.manifest.tables[table.name] ?? []) {
    for await (const batch of segmentBatches(tape, table.name, segment)) {
      waiting.push(batch);
      waitingRows += batch.rows;
      rows += BigInt(batch.rows);
      if (time === 'us-utc') cutTimes += cutIn(table, batch);
      if (waitingRows < FILE_ROWS) continue;
      await write(waiting);
      [waiting, waitingRows] = [[], 0];
    }
  }
  if (waiting.length > 0 || files.length === 0) await write(waiting);
  return { table: table.name, files, rows, cutTimes };
}

function encode(table: Table, batches: readonly RowBatch[], time: TimeForm): Uint8Array {
  const columns = Object.entries(table.columns).map(([name, { type }]): [string, Column<unknown>] => [
    name,
    type.physical === 'timestamp'
      ? timeColumn(batches, name, time)
      : columnFromValues(cellsOf(batches, name), TYPES[type.physical]()),
  ]);
  const bytes = tableToIPC(tableFromColumns(columns), { format: 'file' });
  return bytes ?? new Uint8Array();
}

/** Times are made of whole numbers: the library takes times as milliseconds in doubles, which lose nanoseconds. */
function timeColumn(batches: readonly RowBatch[], name: string, time: TimeForm): Column<unknown> {
  function* values() {
    for (const cell of cellsOf(batches, name))
      yield typeof cell === 'bigint' && time === 'us-utc' ? floorTo(cell, 1000n) / 1000n : cell;
  }
  const whole = columnFromValues(values(), int64());
  if (time === 'int64') return whole;
  const type = time === 'ns' ? timestamp(TimeUnit.NANOSECOND) : timestamp(TimeUnit.MICROSECOND, 'UTC');
  return new Column([...whole.data], type);
}

function* cellsOf(batches: readonly RowBatch[], name: string): Generator<Cell> {
  for (const batch of batches) {
    const column = batch.column(name);
    for (let row = 0; row < batch.rows; row++) yield column === undefined ? batch.node : column.value(row);
  }
}

function cutIn(table: Table, batch: RowBatch): bigint {
  let cut = 0n;
  for (const name of timeColumns(table))
    for (const cell of cellsOf([batch], name)) if (typeof cell === 'bigint' && cell % 1000n !== 0n) cut++;
  return cut;
}

function floorTo(value: bigint, unit: bigint): bigint {
  const rest = value % unit;
  return rest < 0n ? value - rest - unit : value - rest;
}
