import type { KeyObject } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeArchive } from '../archive/write_archive.js';
import { cutTape } from '../convert/cut/cut.js';
import type { Wanted } from '../convert/cut/cutting.js';
import { KtapeError, reasonOf } from '../errors.js';
import { TEMPORARY } from '../tape/durable_file.js';
import { openTape, type Tape } from '../tape/tape.js';
import type { ShareKey } from './key.js';
import { writeMap } from './map_file.js';
import type { Leak } from './proof/leak.js';
import { prove } from './proof/prove.js';
import type { Rules } from './rules.js';
import { type Shared, shareTape } from './share_tape.js';

export interface ShareFileOptions {
  /** The archive to write, and the private map beside it; neither may be there. */
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
  /** Has something done if the process ends before that. */
  readonly onExit: (cleanUp: () => void) => void;
}

/** What was shared, or would have been; with leaks nothing was. */
export interface ShareResult {
  readonly shared: Shared;
  readonly leaks: readonly Leak[];
}

/**
 * Writes the archive that may be sent, after looking through it for whatever it must not hold, and the private map.
 * Where anything fails, or is found, there is neither.
 */
export async function shareToFile(tape: Tape, options: ShareFileOptions): Promise<ShareResult> {
  const { out, map, onExit } = options;
  for (const file of [out, map]) if (existsSync(file)) throw new KtapeError(`${file}: there is one already`);
  const work = join(dirname(resolve(out)), `.${basename(out)}.${process.pid}.tmp`);
  const unfinished = [work, map, `${out}${TEMPORARY}`];
  const abandon = () => {
    for (const path of unfinished) rmSync(path, { recursive: true, force: true });
  };
  onExit(abandon);
  try {
    await mkdir(work, { mode: 0o700 });
    const result = await shareWithin(work, tape, options);
    unfinished.splice(1);
    return result;
  } catch (error) {
    throw error instanceof KtapeError ? error : notWritten(out, error);
  } finally {
    abandon();
  }
}

async function shareWithin(work: string, whole: Tape, options: ShareFileOptions): Promise<ShareResult> {
  const { out, map, key, wanted, tool, temporary, sign, encryptTo, dryRun } = options;
  const tape =
    wanted === undefined ? whole : await cut(whole, join(work, 'cut'), wanted, { tool, temporary });
  const directory = join(work, 'shared');
  const notes = join(work, 'notes');
  for (const each of [directory, notes]) await mkdir(each);
  const shared = await shareTape(tape, { ...options, directory, notes });
  options.progress('searching what was written');
  const leaks = await leaksOf(tape, directory, shared, options);
  if (leaks.length > 0 || dryRun) return { shared, leaks };
  await writeMap(map, key, shared.notes());
  await writeArchive({ directory, out, encryptTo, ...(sign === undefined ? {} : { sign }) });
  return { shared, leaks };
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

async function leaksOf(tape: Tape, directory: string, shared: Shared, { rules }: ShareFileOptions) {
  const leaks: Leak[] = [];
  const kept = new Set([...rules.columns].filter(([, kind]) => kind === 'keep').map(([column]) => column));
  const proof = prove({
    shared: directory,
    original: tape.directory,
    noted: shared.notes(),
    published: shared.published,
    kept,
  });
  for await (const leak of proof) leaks.push(leak);
  return leaks;
}

/** Errors of the file system, such as that the disk is full. */
function notWritten(out: string, error: unknown): unknown {
  return error instanceof Error && 'code' in error
    ? new KtapeError(`${out}: not written: ${reasonOf(error)}`)
    : error;
}
