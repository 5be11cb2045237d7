import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError, KtapeError } from '../../src/errors.js';
import { MANIFEST, type Manifest } from '../../src/tape/manifest.js';
import { parseManifest } from '../../src/tape/parse_manifest.js';
import { parseTime } from '../../src/tape/time.js';
import { type JournalEntry, journalNumbers, readJournal } from './journal.js';

/** What a recorder that died left behind in its directory. */
export interface Unfinished {
  readonly manifest: Manifest;
  /** Everything it saw until then is in segments, but for the entries; nanoseconds since the epoch. */
  readonly lastSeen: bigint;
  /** Acknowledged requests that are in no segment. */
  readonly entries: readonly JournalEntry[];
  /** Bytes of the journal that are no whole entries: a request that was being written, or damage. */
  readonly torn: number;
  /** Number for the next journal file. */
  readonly nextJournal: number;
}

/**
 * Looks for an unfinished tape in the directory: undefined if there is none. Throws where the
 * directory holds a complete tape, which is never added to.
 */
export async function findUnfinished(directory: string): Promise<Unfinished | undefined> {
  const file = join(directory, MANIFEST);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new InvalidFileError(file, 'not a plain file');
  const manifest = parseManifest(file, await readFile(file, 'utf8'));
  if (manifest.state === 'complete') {
    throw new KtapeError(`holds a complete tape already; choose a directory that is new or empty`);
  }
  const numbers = await journalNumbers(directory);
  const entries: JournalEntry[] = [];
  let torn = 0;
  for (const number of numbers.filter((number) => number > manifest.journal_sealed)) {
    const read = await readJournal(directory, number);
    entries.push(...read.entries);
    torn += read.torn;
  }
  return {
    manifest,
    lastSeen: lastSeen(manifest),
    entries,
    torn,
    nextJournal: Math.max(manifest.journal_sealed, ...numbers) + 1,
  };
}

/** Every sealing writes a measurement with all other rows: what came after the last one was in memory alone. */
function lastSeen({ started, tables }: Manifest): bigint {
  const times = [started, ...(tables.recorder_health ?? []).map(({ last_time }) => last_time)];
  return times.map(parseTime).reduce((a, b) => (b > a ? b : a));
}
