import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeArchive } from '../archive/write_archive.js';
import { cutTape } from '../convert/cut/cut.js';
import type { Wanted } from '../convert/cut/cutting.js';
import { KtapeError, systemReason } from '../errors.js';
import { TEMPORARY } from '../tape/durable_file.js';
import { openTape, type Tape } from '../tape/tape.js';
import type { ShareKey } from './key.js';
import { writeMap } from './map_file.js';
import type { Leak } from './proof/leak.js';
import { type Proof, prove } from './proof/prove.js';
import type { Rules } from './rules.js';
import { type Shared, shareTape } from './share_tape.js';
import { Tally } from './tally.js';
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
  // Another share may be about to write the same files: only what this one made is its own.
  const own: string[] = [];
  const abandon = () => {
    // Whoever has the archive needs its map.
    for (const path of [work, ...(existsSync(out) ? [] : own)]) if (path !== undefined) remove(path);
  };
  onExit(abandon);
  try {
    for (const path of await removeStale(parent)) say?.(`${path}: removed; a share that was killed left it`);
    work = makeWorkDirectory(parent);
    return await shareWithin(work, tape, options, own);
  } catch (error) {
    throw error instanceof KtapeError ? error : notWritten(dryRun ? temporary : out, error);
  } finally {
    abandon();
  }
}

function refuseExisting({ out, map }: ShareFileOptions): void {
  for (const [file, option] of [
    [out, '--output'],
    [map, '--map'],
  ] as const) {
    if (existsSync(file))
      throw new KtapeError(`${file}: there is one already; give another ${option}, or remove it`);
  }
}

async function shareWithin(
  work: string,
  whole: Tape,
  options: ShareFileOptions,
  own: string[],
): Promise<ShareResult> {
  const { out, map, wanted, tool, temporary, sign, encryptTo, dryRun } = options;
  const steps = wanted === undefined ? 4 : 5;
  const progress = (left: number, what: string) =>
    options.progress(`step ${steps - left} of ${steps}: ${what}`);
  if (wanted !== undefined) progress(4, 'cutting out the part');
  const tape =
    wanted === undefined ? whole : await cut(whole, join(work, 'cut'), wanted, { tool, temporary });
  const directory = join(work, 'shared');
  const notes = join(work, 'notes');
  for (const each of [directory, notes]) await mkdir(each);
  const shared = await shareTape(tape, {
    ...options,
    directory,
    notes,
    progress: (phase, what) => progress(phase === 'gather' ? 3 : 2, what),
  });
  const tally = new Tally();
  const proof = await prove({
    // The archive is made of it, and holds these bytes, each checked against the manifest, and in its headers their paths and
    // sizes and nothing else.
    shared: directory,
    original: tape.directory,
    noted: () => tally.counted(shared.notes()),
    published: shared.published,
    kept: keptColumns(options.rules),
    temporary: work,
    progress: (done, all) => progress(1, `searching what was written: ${done} of ${all} files read`),
  });
  const { leaks } = proof;
  if (leaks.length > 0 || dryRun) return { shared, leaks, proof, tally };
  progress(0, 'writing the archive');
  await writeMap(map, options, shared.notes(), () => own.push(map));
  own.push(`${out}${TEMPORARY}`);
  await writeArchive({ directory, out, encryptTo, ...(sign === undefined ? {} : { sign }) });
  return { shared, leaks, proof, tally };
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

function keptColumns({ columns }: Rules): Set<string> {
  return new Set([...columns].filter(([, redaction]) => redaction === 'keep').map(([column]) => column));
}

/** Errors of the file system, such as that the disk is full, without the names of files that nobody asked for. */
function notWritten(out: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  return new KtapeError(`${out}: not written: ${systemReason(error)}`);
}
