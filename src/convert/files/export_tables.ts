import { closest } from '../../closest.js';
import { UsageError } from '../../errors.js';
import { tableNamed } from '../../schema/tables/index.js';
import { segmentFiles, type Tape } from '../../tape/tape.js';
import { SegmentDatabase } from '../segment_database.js';
import { writeArrow } from './arrow_files.js';
import { type WrittenTable, writeByDuckdb } from './duckdb_files.js';
import type { TimeForm } from './times.js';

/** Formats of files that tables are exported to. */
export const FILE_FORMATS = ['parquet', 'csv', 'arrow'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

export interface TablesExport {
  readonly format: FileFormat;
  /** Names of tables; none: all that were captured. */
  readonly tables: readonly string[];
  readonly time: TimeForm;
  /** A directory for what does not fit in memory. */
  readonly temporary: string;
}

/**
 * Writes tables of a tape to files in a directory, named after them. Throws a UsageError for a table that the tape does
 * not have; where it fails some files may be there.
 */
export async function exportTables(
  tape: Tape,
  directory: string,
  { format, tables, time, temporary }: TablesExport,
): Promise<readonly WrittenTable[]> {
  const captured = Object.keys(tape.manifest.tables);
  const strange = tables.find((name) => !captured.includes(name));
  if (strange !== undefined) {
    const known = captured.join(', ');
    throw new UsageError(
      `--table ${strange}: not in this tape${closest(strange, captured)}; it has ${known}`,
    );
  }
  const wanted = captured
    .filter((name) => tables.length === 0 || tables.includes(name))
    .flatMap((name) => tableNamed(name) ?? []);
  const written: WrittenTable[] = [];
  await SegmentDatabase.with([tape.directory, directory], temporary, async (database) => {
    for (const table of wanted) {
      if (format === 'arrow') written.push(await writeArrow(tape, table, directory, time));
      else {
        const files = (await segmentFiles(tape, table.name)) ?? [];
        written.push(await writeByDuckdb(database, table, files, directory, format, time));
      }
    }
  });
  return written;
}
