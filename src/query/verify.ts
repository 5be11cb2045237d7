import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { SIGNATURE } from '../archive/signature.js';
import { InvalidFileError, reasonOf } from '../errors.js';
import type { Table } from '../schema/table.js';
import { tableNamed } from '../schema/tables/index.js';
import { MANIFEST, type Segment } from '../tape/manifest.js';
import { PINS } from '../tape/pins.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { formatTime, parseTime } from '../tape/time.js';
import { segmentDamage } from '../tape/verify_bytes.js';
import { columnProblem, firstLine, parquetScan, rowsProblem } from './captured_tables.js';
import { Sandbox, sqlList } from './sandbox.js';

/** What was found of one file of a tape. */
export interface Finding {
  /** Path within the tape. */
  readonly path: string;
  /** Rows that the manifest says it has; null for a file that the manifest does not name. */
  readonly rows: number | null;
  /** What is wrong with it; null when nothing is. */
  readonly problem: string | null;
}

/**
 * Checks every segment: its bytes and SHA-256, that it is a Parquet file with exactly the declared
 * columns, that its rows and times are what the manifest says and are sorted. Files that the manifest
 * does not name are found too; while the tape is being recorded these are the recorder's.
 */
export async function* verifyTape(tape: Tape, temporary: string): AsyncGenerator<Finding> {
  const checks = new ContentChecks(tape, temporary);
  try {
    for (const [name, segments] of Object.entries(tape.manifest.tables)) {
      for (const segment of segments) {
        const { path, rows } = segment;
        yield { path, rows, problem: (await problemOf(tape, name, segment, checks)) ?? null };
      }
    }
  } finally {
    checks.close();
  }
  if (tape.manifest.state === 'complete') yield* strays(tape);
}

async function problemOf(
  tape: Tape,
  name: string,
  segment: Segment,
  checks: ContentChecks,
): Promise<string | undefined> {
  const table = tableNamed(name);
  if (table === undefined) return `${name} is no table that this ktape knows`;
  const damage = await segmentDamage(tape, segment);
  // It begins with the path, which the finding says already.
  if (damage !== undefined) return damage.split(`${segment.path}: `).at(-1);
  return checks.problemOf(table, segment);
}

/** Checks what is in segments whose bytes are those that the manifest says. */
class ContentChecks {
  private sandbox: Sandbox | undefined;
  private readonly files: readonly string[];

  constructor(
    private readonly tape: Tape,
    private readonly temporary: string,
  ) {
    const segments = Object.values(tape.manifest.tables).flat();
    this.files = segments.map(({ path }) => join(tape.directory, path));
  }

  async problemOf(table: Table, segment: Segment): Promise<string | undefined> {
    const file = await segmentFile(this.tape, segment);
    this.sandbox ??= await Sandbox.open(this.files, this.temporary);
    const { connection } = this.sandbox;
    try {
      return (
        (await contentProblem(connection, table, segment, file)) ??
        (await rowProblem(connection, segment, file))
      );
    } catch (error) {
      // Some failures end a database for good; what comes next is not to be blamed for this one.
      this.close();
      return `not a Parquet file that can be read (${firstLine(reasonOf(error))})`;
    }
  }

  close(): void {
    this.sandbox?.close();
    this.sandbox = undefined;
  }
}

/** What is wrong by what the file says of itself, which is read at once, however much it says there is. */
async function contentProblem(
  connection: DuckDBConnection,
  table: Table,
  segment: Segment,
  file: string,
): Promise<string | undefined> {
  const columns = await connection.runAndReadAll(`DESCRIBE FROM ${parquetScan([file])}`);
  const metadata = await connection.runAndReadAll(
    `SELECT num_rows FROM parquet_file_metadata(${sqlList([file])})`,
  );
  return (
    columnProblem(
      table,
      columns.getRows().map(([name, type]) => [String(name), String(type)]),
    ) ?? rowsProblem(metadata.getRows()[0]?.[0], segment.rows)
  );
}

/** What is wrong with the times of the rows, which are read one batch after the other. */
async function rowProblem(
  connection: DuckDBConnection,
  segment: Segment,
  file: string,
): Promise<string | undefined> {
  const result = await connection.runAndReadAll(
    `SELECT first(time), last(time), count(*) FILTER (time IS NULL OR time < before)
    FROM (SELECT epoch_ns(time) AS time, lag(epoch_ns(time)) OVER () AS before FROM ${parquetScan([file])})`,
  );
  const [first, last, unsorted] = result.getRows()[0] as [bigint | null, bigint | null, bigint];
  for (const [which, found, said] of [
    ['first', first, segment.first_time],
    ['last', last, segment.last_time],
  ] as const) {
    if (found !== parseTime(said)) return `${which} time is ${shown(found)}; the manifest says ${said}`;
  }
  return unsorted === 0n ? undefined : `${unsorted} rows are not sorted by time`;
}

async function* strays(tape: Tape): AsyncGenerator<Finding> {
  const named = new Set([
    MANIFEST,
    SIGNATURE,
    ...Object.values(tape.manifest.tables).flatMap((list) => list.map(({ path }) => path)),
  ]);
  const entries = await readdir(tape.directory, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new InvalidFileError(error.path ?? tape.directory, reasonOf(error));
    },
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(entry.parentPath, entry.name).slice(tape.directory.length + 1);
    if (entry.isDirectory() || named.has(path) || path.startsWith(`${PINS}/`)) continue;
    yield { path, rows: null, problem: `not part of the tape: ${MANIFEST} does not name it` };
  }
}

function shown(time: bigint | null): string {
  return time === null ? 'missing' : formatTime(time);
}
