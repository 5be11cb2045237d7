import type { DuckDBConnection } from '@duckdb/node-api';
import { InvalidFileError, reasonOf } from '../errors.js';
import type { Table } from '../schema/table.js';
import { segmentFiles, type Tape } from '../tape/tape.js';
import { sqlList } from './sandbox.js';

/** Paths of the segments of every table that can be read, and what is wrong with the others. */
export interface CapturedFiles {
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly broken: ReadonlyMap<string, Error>;
}

/** The segment files of the captured ones among the declared tables. */
export async function capturedFiles(tape: Tape, tables: readonly Table[]): Promise<CapturedFiles> {
  const files = new Map<string, readonly string[]>();
  const broken = new Map<string, Error>();
  for (const { name } of tables) {
    try {
      const found = await segmentFiles(tape, name);
      if (found !== undefined) files.set(name, found);
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      broken.set(name, error);
    }
  }
  return { files, broken };
}

/**
 * Makes the declared table a view over its segments, and over `more` rows that a SELECT gives; columns that it lacks
 * are NULL. Throws an InvalidFileError if the segments are not of that table.
 */
export async function createTableView(
  connection: DuckDBConnection,
  table: Table,
  files: readonly string[],
  more?: string,
): Promise<void> {
  const [first] = files;
  if (first === undefined) {
    await connection.run(`CREATE TABLE ${table.name} (${typedColumns(table).join(', ')})`);
    if (more !== undefined) await connection.run(`INSERT INTO ${table.name} BY NAME ${more}`);
    return;
  }
  const segments = `read_parquet(${sqlList(files)})`;
  const reader = await connection.runAndReadAll(`DESCRIBE FROM ${segments}`).catch((error) => {
    throw new InvalidFileError(first, `not a Parquet file that can be read (${firstLine(reasonOf(error))})`);
  });
  const found = reader.getRows().map(([name, type]): [string, string] => [String(name), String(type)]);
  const problem = columnProblem(table, found);
  if (problem !== undefined) throw new InvalidFileError(first, problem);
  const others = more === undefined ? '' : ` UNION ALL BY NAME ${more}`;
  await connection.run(`CREATE VIEW ${table.name} AS FROM ${segments}${others}`);
}

/** How columns found in a file differ from the declared ones, if they do. */
export function columnProblem(
  table: Table,
  found: readonly (readonly [string, string])[],
): string | undefined {
  const types = new Map(found);
  for (const [name, { type }] of Object.entries(table.columns)) {
    const present = types.get(name);
    if (present === undefined) return `it has no column ${name}, which ${table.name} has`;
    if (present !== type.sql) return `its column ${name} is ${present}; ${table.name}.${name} is ${type.sql}`;
  }
  const extra = found.find(([name]) => table.columns[name] === undefined);
  return extra && `it has a column ${extra[0]}, which ${table.name} has not`;
}

/** First line of a message: DuckDB's go on with an excerpt of the statement. */
export function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function typedColumns(table: Table): string[] {
  return Object.entries(table.columns).map(([name, { type }]) => `${name} ${type.sql}`);
}
