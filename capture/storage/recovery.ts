import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError, KtapeError } from '../../src/errors.js';
import { MANIFEST, type Manifest } from '../../src/tape/manifest.js';
import { parseManifest } from '../../src/tape/parse_manifest.js';
import { parseTime } from '../../src/tape/time.js';
import { journalNumbers } from './journal_files.js';

/** What an earlier recorder left behind in the directory: one that died, or was stopped and is to go on. */
export interface Unfinished {
  readonly manifest: Manifest;
  /** Everything it saw until then is in segments or in the journal; nanoseconds since the epoch. */
  readonly lastSeen: bigint;
  /** Numbers of the journal files whose requests are in no segment, in order. */
  readonly journals: readonly number[];
  /** Number for the next journal file. */
  readonly nextJournal: number;
}

/**
 * Looks for an unfinished tape in the directory: undefined if there is none. Throws where the directory holds a
 * complete tape, unless it is of `standing` alone: the node of a recorder that runs for good, whose tape is never
 * finished.
 */
export async function findUnfinished(directory: string, standing?: string): Promise<Unfinished | undefined> {
  const file = join(directory, MANIFEST);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new InvalidFileError(file, 'not a plain file');
  const manifest = parseManifest(file, await readFile(file, 'utf8'));
  const goesOn = standing !== undefined && manifest.nodes.every(({ name }) => name === standing);
  if (manifest.state === 'complete' && !goesOn) {
    throw new KtapeError(`holds a complete tape already; choose a directory that is new or empty`);
  }
  const numbers = await journalNumbers(directory);
  return {
    manifest,
    lastSeen: lastSeen(manifest),
    journals: numbers.filter((number) => number > manifest.journal_sealed),
    nextJournal: Math.max(manifest.journal_sealed, ...numbers) + 1,
  };
}

function lastSeen({ started, ended, seen_until }: Manifest): bigint {
  const [begun, seen] = [parseTime(started), parseTime(ended ?? seen_until ?? started)];
  return seen > begun ? seen : begun;
}
