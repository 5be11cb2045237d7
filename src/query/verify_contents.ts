import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { reasonOf } from '../errors.js';
import type { Table } from '../schema/table.js';
import type { Segment } from '../tape/manifest.js';
import { sqlList } from '../tape/sql/literals.js';
import { formatTime, parseTime } from '../tape/time.js';
import { columnProblem, firstLine, parquetScan, rowsProblem } from './captured_tables.js';
import { Sandbox } from './sandbox.js';

/** A file that the manifest says to be a segment of a table. */
export interface SegmentFile {
  readonly file: string;
  readonly table: Table;
  readonly segment: Segment;
}

/** What is wrong with files, by their paths; nothing of those that are in order. */
type Problems = ReadonlyMap<string, string>;

/**
 * Has DuckDB check what is in segments, many with one statement: it plans a statement for as long as it takes to read
 * some segments.
 */
export class ContentChecks {
  private sandbox: Sandbox | undefined;

  /** `files` are the ones that will be looked at. */
  constructor(
    private readonly files: readonly string[],
    private readonly temporary: string,
  ) {}

  async problemsOf(segments: readonly SegmentFile[]): Promise<Problems> {
    if (segments.length === 0) return new Map();
    this.sandbox ??= await Sandbox.open(this.files, this.temporary);
    try {
      return await problemsOf(this.sandbox.connection, segments);
    } catch (error) {
      // Some failures end a database for good; what comes next is not to be blamed for this one.
      this.close();
      const [first] = segments;
      if (first !== undefined && segments.length === 1) {
        return new Map([[first.file, `not a Parquet file that can be read (${firstLine(reasonOf(error))})`]]);
      }
      // One that cannot be read keeps DuckDB from reading the others.
      const half = segments.length >> 1;
      const problems = await this.problemsOf(segments.slice(0, half));
      return new Map([...problems, ...(await this.problemsOf(segments.slice(half)))]);
    }
  }

  close(): void {
    this.sandbox?.close();
    this.sandbox = undefined;
  }
}

/** Rows are read of those files only whose number of rows is known to be right: a few bytes can be billions. */
async function problemsOf(connection: DuckDBConnection, segments: readonly SegmentFile[]): Promise<Problems> {
  const footers = await footerProblems(connection, segments);
  const others = segments.filter(({ file }) => !footers.has(file));
  return new Map([...footers, ...(await timeProblems(connection, others))]);
}

/** What is wrong by what the files say of themselves, which is read at once, however much they say there is. */
async function footerProblems(
  connection: DuckDBConnection,
  segments: readonly SegmentFile[],
): Promise<Problems> {
  const list = sqlList(segments.map(({ file }) => file));
  const columns = await columnsOf(connection, list);
  const metadata = await connection.runAndReadAll(
    `SELECT file_name, num_rows FROM parquet_file_metadata(${list})`,
  );
  const rows = new Map(metadata.getRows().map(([file, count]) => [String(file), count]));
  return found(
    segments,
    ({ file, table, segment }) =>
      columnProblem(table, columns.get(file) ?? []) ?? rowsProblem(rows.get(file), segment.rows),
  );
}

type Columns = readonly (readonly [string, string])[];

/**
 * Names and types of the columns of each file. One file speaks for all with the same schema and the same metadata of
 * programs, which can make a text a geometry.
 */
async function columnsOf(connection: DuckDBConnection, list: string): Promise<ReadonlyMap<string, Columns>> {
  const alike = await connection.runAndReadAll(`
    SELECT files
    FROM (
      SELECT list(file_name) AS files, * EXCLUDE file_name
      FROM (
        SELECT file_name, list(COLUMNS(* EXCLUDE file_name)) FROM parquet_schema(${list}) GROUP BY file_name
      )
      LEFT JOIN (
        SELECT file_name, list({'key': key, 'value': value}) AS metadata FROM parquet_kv_metadata(${list}) GROUP BY file_name
      ) USING (file_name)
      GROUP BY ALL
    )`);
  const columns = new Map<string, Columns>();
  for (const [value] of alike.getRowsJson()) {
    const files = value as string[];
    const described = await connection.runAndReadAll(`DESCRIBE FROM ${parquetScan(files.slice(0, 1))}`);
    const found = described.getRows().map(([name, type]): [string, string] => [String(name), String(type)]);
    for (const file of files) columns.set(file, found);
  }
  return columns;
}

/** What is wrong with the times of the rows, which are read one batch after the other. */
async function timeProblems(
  connection: DuckDBConnection,
  segments: readonly SegmentFile[],
): Promise<Problems> {
  if (segments.length === 0) return new Map();
  const result = await connection.runAndReadAll(
    `SELECT file_index, first(time), last(time),
      count(*) FILTER (time IS NULL OR (file_row_number > 0 AND time < before))
    FROM (
      SELECT file_index, file_row_number, epoch_ns(time) AS time, lag(epoch_ns(time)) OVER () AS before
      FROM ${parquetScan(segments.map(({ file }) => file))}
    )
    GROUP BY file_index`,
  );
  const times = new Map(result.getRows().map(([index, ...rest]) => [segments[Number(index)]?.file, rest]));
  return found(segments, ({ file, segment }) => timeProblem(times.get(file) ?? [null, null, 0n], segment));
}

function timeProblem([first, last, unsorted]: DuckDBValue[], segment: Segment): string | undefined {
  return (
    otherTime('first', first as bigint | null, segment.first_time) ??
    otherTime('last', last as bigint | null, segment.last_time) ??
    (unsorted === 0n ? undefined : `${unsorted} rows are not sorted by time`)
  );
}

function otherTime(which: string, time: bigint | null, said: string): string | undefined {
  if (time === parseTime(said)) return undefined;
  return `${which} time is ${time === null ? 'missing' : formatTime(time)}; the manifest says ${said}`;
}

/** What is found of the segments that something is wrong with. */
function found(
  segments: readonly SegmentFile[],
  problemOf: (segment: SegmentFile) => string | undefined,
): Problems {
  return new Map(
    segments.flatMap((segment) => {
      const problem = problemOf(segment);
      return problem === undefined ? [] : [[segment.file, problem] as const];
    }),
  );
}
