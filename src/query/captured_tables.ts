import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { InvalidFileError, reasonOf } from '../errors.js';
import type { Table } from '../schema/table.js';
import { sqlList } from '../tape/sql/literals.js';
import { segmentFiles, type Tape } from '../tape/tape.js';

/** Paths of the segments of every table that can be read, and what is wrong with the others. */
export interface CapturedFiles {
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Rows of each file, as the manifest has them. */
  readonly rows: ReadonlyMap<string, number>;
  readonly broken: ReadonlyMap<string, Error>;
}

/** The segment files of the captured ones among the declared tables. */
export async function capturedFiles(tape: Tape, tables: readonly Table[]): Promise<CapturedFiles> {
  const files = new Map<string, readonly string[]>();
  const rows = new Map<string, number>();
  const broken = new Map<string, Error>();
  for (const { name } of tables) {
    try {
      const found = await segmentFiles(tape, name);
      if (found === undefined) continue;
      files.set(name, found);
      for (const [i, segment] of (tape.manifest.tables[name] ?? []).entries())
        rows.set(found[i] ?? '', segment.rows);
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      broken.set(name, error);
    }
  }
  return { files, rows, broken };
}

/**
 * Makes the declared table a view over its segments, and over `more` rows that a SELECT gives; columns that it lacks
 * are NULL. Throws an InvalidFileError if the segments are not of that table, or have not the `rows` that are said.
 */
export async function createTableView(
  connection: DuckDBConnection,
  table: Table,
  files: readonly string[],
  { more, rows }: { readonly more?: string | undefined; readonly rows?: CapturedFiles['rows'] } = {},
): Promise<void> {
  const [first] = files;
  if (first === undefined) {
    await connection.run(`CREATE TABLE ${table.name} (${typedColumns(table).join(', ')})`);
    if (more !== undefined) await connection.run(`INSERT INTO ${table.name} BY NAME ${more}`);
    return;
  }
  const segments = parquetScan(files);
  const reader = await connection.runAndReadAll(`DESCRIBE FROM ${segments}`).catch((error) => {
    throw new InvalidFileError(first, `not a Parquet file that can be read (${firstLine(reasonOf(error))})`);
  });
  const found = reader.getRows().map(([name, type]): [string, string] => [String(name), String(type)]);
  const problem = columnProblem(table, found);
  if (problem !== undefined) throw new InvalidFileError(first, problem);
  if (rows !== undefined) await checkRows(connection, files, rows);
  const others = more === undefined ? '' : ` UNION ALL BY NAME ${more}`;
  await connection.run(`CREATE VIEW ${table.name} AS FROM ${segments}${others}`);
}

/** The files as DuckDB reads them: names of folders, such as `node=a`, say nothing of the rows. */
export function parquetScan(files: readonly string[]): string {
  return `read_parquet(${sqlList(files)}, hive_partitioning = false)`;
}

/**
 * Throws an InvalidFileError where a file says it has other rows than the manifest does. A few bytes can say that
 * they are billions of rows, with which no question would come to an end.
 */
async function checkRows(
  connection: DuckDBConnection,
  files: readonly string[],
  rows: ReadonlyMap<string, number>,
): Promise<void> {
  const reader = await connection.runAndReadAll(
    `SELECT file_name, num_rows FROM parquet_file_metadata(${sqlList(files)})`,
  );
  for (const [file, found] of reader.getRows()) {
    const problem = rowsProblem(found, rows.get(String(file)));
    if (problem !== undefined) throw new InvalidFileError(String(file), problem);
  }
}

/** How the rows that a file has differ from those that the manifest says, if they do. */
export function rowsProblem(found: DuckDBValue | undefined, said: number | undefined): string | undefined {
  return String(found) === String(said) ? undefined : `${found} rows; the manifest says ${said}`;
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
  const extra = found.find(([name]) => !Object.hasOwn(table.columns, name));
  return extra && `it has a column ${extra[0]}, which ${table.name} has not`;
}

/** First line of a message: DuckDB's go on with an excerpt of the statement. */
export function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function typedColumns(table: Table): string[] {
  return Object.entries(table.columns).map(([name, { type }]) => `${name} ${type.sql}`);
}
