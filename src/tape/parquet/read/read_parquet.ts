import { DecodeError, InvalidFileError } from '../../../errors.js';
import type { Column, Table } from '../../../schema/table.js';
import type { AnyColumn } from '../../columns/index.js';
import {
  AttributesColumn,
  Float64ListColumn,
  TextListColumn,
  Uint64ListColumn,
} from '../../columns/nested.js';
import { TextColumn } from '../../columns/text.js';
import { RowBatch } from '../../row_batch.js';
import { leavesOf } from '../schema.js';
import { readChunk } from './chunk.js';
import { type ChunkPlace, type Footer, type GroupPlace, readFooter } from './footer.js';
import type { Leaf } from './leaves.js';
import { Malformed } from './malformed.js';
import { readAttributes, readList } from './nested.js';

/**
 * The rows of a segment, a batch for each row group, in the order in which they are in the file. Texts go to the
 * batch's pool once for each dictionary; rows get numbers. Reads what `encodeParquet` and DuckDB's COPY with ZSTD write.
 * @param file name for messages
 * @param wanted columns to read; the others of a batch have no rows then. All by default.
 * @throws InvalidFileError naming the column and what is wrong with it. Memory is bounded whatever the file says.
 */
export function* readParquet(
  bytes: Uint8Array,
  table: Table,
  file: string,
  wanted: readonly string[] = Object.keys(table.columns),
): Generator<RowBatch> {
  try {
    for (const group of footerOf(bytes, table).groups) yield readGroup(bytes, table, group, wanted);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** The leaves that were found to be a table's. */
const checked = new WeakMap<readonly Leaf[], Table>();

/** The footer of a file, all of whose columns the table has. */
export function footerOf(bytes: Uint8Array, table: Table): Footer {
  const footer = readFooter(bytes);
  const { leaves } = footer;
  if (checked.get(leaves) !== table) checkLeaves(leaves, table);
  checked.set(leaves, table);
  return footer;
}

/**
 * Every leaf has to be of a column of the table, and of its type. What the groups within maps and lists are called
 * differs between writers; their order does not.
 */
function checkLeaves(leaves: readonly Leaf[], table: Table): void {
  for (const name of new Set(leaves.map(({ path }) => path[0] ?? ''))) {
    const declared = table.columns[name];
    if (declared === undefined)
      throw new Malformed(`column ${name}: table ${table.name} has none of that name`);
    const found = leaves.filter(({ path }) => path[0] === name).map(shapeOf);
    const expected = leavesOf(declared).map(({ path, type }) => {
      const isTime = declared.type.physical === 'timestamp';
      return `${type} ${path.length + 1} ${isTime}`;
    });
    if (found.join() !== expected.join()) {
      throw new Malformed(
        `column ${name}: not of the type ${declared.type.sql} that table ${table.name} has`,
      );
    }
  }
}

function shapeOf({ path, type, nanoseconds }: Leaf): string {
  return `${type} ${path.length} ${nanoseconds}`;
}

function readGroup(
  bytes: Uint8Array,
  table: Table,
  { rows, chunks }: GroupPlace,
  wanted: readonly string[],
): RowBatch {
  const chunksOf = (name: string) => chunks.filter(({ leaf }) => leaf.path[0] === name);
  const batch = new RowBatch(
    table,
    naming('node', () => readNode(bytes, chunksOf('node'), rows)),
  );
  for (const [name, declared] of Object.entries(table.columns)) {
    const column = wanted.includes(name) ? batch.column(name) : undefined;
    if (column !== undefined) naming(name, () => readColumn(bytes, chunksOf(name), rows, column, declared));
  }
  return batch;
}

/** The error with the file's name. A pool of texts refuses to grow beyond its limit with a DecodeError of its own. */
export function inFile(file: string, error: unknown): unknown {
  return error instanceof DecodeError ? new InvalidFileError(file, error.message) : error;
}

/** Has what is wrong be said with the column's name. */
export function naming<R>(column: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    throw error instanceof DecodeError ? new Malformed(`column ${column}: ${error.message}`) : error;
  }
}

/** The node that all rows have. */
function readNode(bytes: Uint8Array, chunks: readonly ChunkPlace[], rows: number): string {
  const column = new TextColumn();
  readColumn(bytes, chunks, rows, column, { nullable: false });
  if (rows === 0) throw new Malformed('a row group without rows');
  for (let row = 1; row < rows; row++) {
    if (column.texts[row] !== column.texts[0]) {
      throw new Malformed(`${column.string(0)} and ${column.string(row)} in one row group`);
    }
  }
  return column.string(0);
}

function readColumn(
  bytes: Uint8Array,
  [chunk, second]: readonly ChunkPlace[],
  rows: number,
  column: AnyColumn,
  { nullable }: Pick<Column, 'nullable'>,
): void {
  // Tapes of older versions lack columns of newer ones.
  if (chunk === undefined) column.padTo(rows);
  else if (column instanceof AttributesColumn) {
    if (second === undefined) throw new Malformed('keys without values');
    readAttributes(bytes, [chunk, second], rows, column);
  } else if (column instanceof TextListColumn) readList(bytes, chunk, rows, column);
  else if (column instanceof Uint64ListColumn) readList(bytes, chunk, rows, column);
  else if (column instanceof Float64ListColumn) readList(bytes, chunk, rows, column);
  else readChunk(bytes, chunk, column);
  if (column.length !== rows) throw new Malformed(`${column.length} values in a row group of ${rows}`);
  if (!nullable && column.nulls > 0) throw new Malformed(`${column.nulls} NULLs in a column that has none`);
}
