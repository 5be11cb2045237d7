import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KtapeError } from '../../src/errors.js';
import { MANIFEST, type Manifest } from '../../src/tape/manifest.js';
import { parseManifest } from '../../src/tape/parse_manifest.js';
import { parseTime } from '../../src/tape/time.js';
import { type JournalEntry, journalNumbers, readJournal } from './journal.js';

/** What a recorder that died left behind in its directory. */
export interface Unfinished {
  readonly manifest: Manifest;
  /** When it was last known to write, nanoseconds since the epoch. */
  readonly lastSeen: bigint;
  /** Acknowledged requests that are in no segment. */
  readonly entries: readonly JournalEntry[];
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
  const manifest = parseManifest(file, await readFile(file, 'utf8'));
  if (manifest.state === 'complete') {
    throw new KtapeError(
      `--out ${directory}: holds a complete tape already; choose a directory that is new or empty`,
    );
  }
  const numbers = await journalNumbers(directory);
  const entries: JournalEntry[] = [];
  for (const number of numbers.filter((number) => number > manifest.journal_sealed)) {
    entries.push(...(await readJournal(directory, number)).entries);
  }
  return {
    manifest,
    lastSeen: lastSeen(manifest, entries),
    entries,
    nextJournal: Math.max(manifest.journal_sealed, ...numbers) + 1,
  };
}

/** The latest time at which the dead recorder is known to have kept what it saw. */
function lastSeen(manifest: Manifest, entries: readonly JournalEntry[]): bigint {
  const times = [parseTime(manifest.started), ...entries.map(({ received }) => received)];
  for (const { last_time } of manifest.tables.recorder_health ?? []) times.push(parseTime(last_time));
  return times.reduce((a, b) => (b > a ? b : a));
}
