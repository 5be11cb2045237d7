import { closest } from '../../closest.js';
import { UsageError } from '../../errors.js';
import { tables as declared, tableNamed } from '../../schema/tables/index.js';
import type { Manifest } from '../../tape/manifest.js';
import type { Tape } from '../../tape/tape.js';
import { SegmentDatabase } from '../segment_database.js';
import { Cutting, type Wanted } from './cutting.js';
import { checkWindow, cutManifest } from './window.js';
import { writeCut } from './write_cut.js';

export interface CutOptions {
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** A directory for what does not fit in memory. */
  readonly temporary: string;
}

/** What was cut. */
export interface Cut {
  readonly manifest: Manifest;
  /** Rows of the window that were left out, by table. */
  readonly leftOut: ReadonlyMap<string, bigint>;
}

/**
 * Makes a tape of a part of another in a directory that has none yet: rows by their own times, what belongs to a row
 * with it, and of states what was when the window starts. What of the window is left out is told in `losses`.
 * Throws a KtapeError where nothing of the tape is wanted; then files may be left in the directory.
 */
export async function cutTape(
  tape: Tape,
  directory: string,
  wanted: Wanted,
  options: CutOptions,
): Promise<Cut> {
  checkWindow(tape, wanted);
  checkTables(tape, wanted.tables);
  const directories = [tape.directory, directory];
  return SegmentDatabase.with(directories, options.temporary, async (database) => {
    const cutting = new Cutting(tape, directory, wanted, database);
    const tables = await cutting.tables();
    const manifest = cutManifest(tape, wanted, tables, options.tool);
    await writeCut(directory, manifest, cutting.leftOut, wanted);
    return { manifest, leftOut: cutting.leftOut };
  });
}

function checkTables(tape: Tape, names: readonly string[]): void {
  const captured = Object.keys(tape.manifest.tables);
  for (const name of names) {
    if (captured.includes(name)) continue;
    if (tableNamed(name) === undefined) {
      const known = declared.map((table) => table.name);
      throw new UsageError(
        `--table ${name}: no such table${closest(name, known)}; there are ${known.join(', ')}`,
      );
    }
    throw new UsageError(`--table ${name}: not captured in this tape, which has ${captured.join(', ')}`);
  }
}
