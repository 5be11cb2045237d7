import type { KeyObject } from 'node:crypto';
import { existsSync, linkSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cutTape } from '../convert/cut/cut.js';
import type { Wanted } from '../convert/cut/cutting.js';
import { KtapeError, systemReason } from '../errors.js';
import { counted } from '../report/counted.js';
import { syncDirectory } from '../tape/durable_file.js';
import { openTape, type Tape } from '../tape/tape.js';
import { type Attempted, type AttemptOptions, attempt } from './attempt.js';
import type { ShareKey } from './key.js';
import { writeMap } from './map_file.js';
import type { Leak } from './proof/leak.js';
import type { Proof } from './proof/prove.js';
import type { Rules } from './rules.js';
import type { Shared } from './share_tape.js';
import type { Tally } from './tally.js';
import { makeWorkDirectory, remove, removeStale } from './work_directory.js';

export interface ShareFileOptions {
  /** The archive to write, and the private map; neither may be there. Not looked at with `dryRun`. */
  readonly out: string;
  readonly map: string;
  /** What of the tape is shared; undefined for all of it. */
  readonly wanted: Wanted | undefined;
  readonly key: ShareKey;
  readonly addresses: 'prefix' | 'opaque';
  readonly rules: Rules;
  readonly sign: KeyObject | undefined;
  /** age recipients. */
  readonly encryptTo: readonly string[];
  /** Writes nothing, and tells what it would have. */
  readonly dryRun: boolean;
  readonly tool: string;
  /** A directory for what does not fit in memory. */
  readonly temporary: string;
  /** Told what is being done, in a few words. */
  readonly progress: (what: string) => void;
  /** Told what is worth knowing besides, a line each. */
  readonly say?: (line: string) => void;
  /** Has something done if the process ends before that. */
  readonly onExit: (cleanUp: () => void) => void;
}

/** What was shared, or would have been; with leaks nothing was. */
export interface ShareResult {
  readonly shared: Shared;
  readonly leaks: readonly Leak[];
  /** What was looked for, and where. */
  readonly proof: Proof;
  /** What was replaced. */
  readonly tally: Tally;
}

/**
 * Writes the archive that may be sent, after looking through it for whatever it must not hold, and the private map.
 * Where anything fails, or is found, there is neither.
 */
export async function shareToFile(tape: Tape, options: ShareFileOptions): Promise<ShareResult> {
  const { out, dryRun, temporary, onExit, say } = options;
  if (!dryRun) refuseExisting(options);
  const parent = dryRun ? temporary : dirname(out);
  let work: string | undefined;
  const made: Made = { map: undefined };
  const abandon = () => {
    for (const path of [work, made.map]) if (path !== undefined) remove(path);
  };
  onExit(abandon);
  try {
    for (const path of await removeStale(parent)) say?.(`${path}: removed; a share that was killed left it`);
    work = makeWorkDirectory(parent);
    return await shareWithin(work, tape, options, made);
  } catch (error) {
    throw error instanceof KtapeError ? error : notWritten(dryRun ? temporary : out, error);
  } finally {
    abandon();
  }
}

/** What is to be removed where there is no archive in the end. */
interface Made {
  /** The private map, if this share made it, and nobody has an archive yet that needs it. */
  map: string | undefined;
}

function refuseExisting({ out, map }: ShareFileOptions): void {
  for (const [file, option] of [
    [out, '--output'],
    [map, '--map'],
  ] as const) {
    if (existsSync(file)) throw existing(file, option);
  }
}

function existing(file: string, option: string): KtapeError {
  return new KtapeError(`${file}: there is one already; give another ${option}, or remove it`);
}

async function shareWithin(
  work: string,
  whole: Tape,
  options: ShareFileOptions,
  made: Made,
): Promise<ShareResult> {
  const { map, wanted, tool, temporary, dryRun } = options;
  const steps = wanted === undefined ? 4 : 5;
  const progress = (left: number, what: string) =>
    options.progress(`step ${steps - left} of ${steps}: ${what}`);
  if (wanted !== undefined) progress(4, 'cutting out the part');
  const tape =
    wanted === undefined ? whole : await cut(whole, join(work, 'cut'), wanted, { tool, temporary });
  const { archive, shared, proof } = await attempts(work, tape, { ...options, progress });
  const result = { shared, leaks: proof.leaks, proof, tally: shared.tally };
  if (proof.leaks.length > 0 || dryRun) return result;
  progress(0, 'writing the private map');
  await writeMap(map, options, shared.notes, () => {
    made.map = map;
  });
  await place(archive, options, made);
  return result;
}

/**
 * Shares, and once more if nothing was found but secrets that stood where nothing tells that they are any: these are known
 * then.
 */
async function attempts(
  work: string,
  tape: Tape,
  options: Omit<AttemptOptions, 'work' | 'secrets'> & Pick<ShareFileOptions, 'say'>,
): Promise<Attempted> {
  const directory = join(work, 'first');
  const first = await attempt(tape, { ...options, work: directory, secrets: new Map() });
  const { leaks, secrets } = first.proof;
  if (leaks.length === 0 || leaks.some(({ kind }) => kind !== 'secret')) return first;
  options.say?.(`${counted(secrets.size, 'secret')} stood in other texts too; cut there in a second round`);
  remove(directory);
  return attempt(tape, { ...options, work: join(work, 'second'), secrets });
}

/** Gives the archive its name, unless somebody else gave it to another in the meantime. */
async function place(archive: string, { out }: ShareFileOptions, made: Made): Promise<void> {
  try {
    linkSync(archive, out);
  } catch {
    if (existsSync(out)) throw existing(out, '--output');
    // Some file systems have no links.
    renameSync(archive, out);
  }
  made.map = undefined;
  await syncDirectory(dirname(out)).catch((error) => {
    throw new KtapeError(`${out}: written, but may be gone after a power failure: ${systemReason(error)}`);
  });
}

async function cut(
  tape: Tape,
  directory: string,
  wanted: Wanted,
  options: { tool: string; temporary: string },
) {
  await mkdir(directory);
  await cutTape(tape, directory, wanted, options);
  return openTape(directory);
}

/** Errors of the file system, such as that the disk is full, without the names of files that nobody asked for. */
function notWritten(out: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  return new KtapeError(`${out}: not written: ${systemReason(error)}`);
}
