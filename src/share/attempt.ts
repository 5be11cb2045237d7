import type { KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive } from '../archive/write_archive.js';
import type { Tape } from '../tape/tape.js';
import type { ShareKey } from './key.js';
import { type Proof, prove } from './proof/prove.js';
import type { Rules } from './rules.js';
import { type Shared, shareTape } from './share_tape.js';

/** What an attempt to share came to. */
export interface Attempted {
  readonly shared: Shared;
  readonly proof: Proof;
  /** The archive, unless nothing is to be written. */
  readonly archive: string;
}

export interface AttemptOptions {
  /** A new directory, for all that is written. */
  readonly work: string;
  readonly key: ShareKey;
  readonly addresses: 'prefix' | 'opaque';
  readonly rules: Rules;
  /** Secrets that are cut wherever they stand, and what by. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly sign: KeyObject | undefined;
  /** age recipients. */
  readonly encryptTo: readonly string[];
  /** Makes no archive. */
  readonly dryRun: boolean;
  readonly tool: string;
  /** Told how many steps are left after this one, and in a few words what is being done. */
  readonly progress: (left: number, what: string) => void;
}

/** Redacts a tape, and packs it while looking through it for whatever it must not hold. */
export async function attempt(tape: Tape, options: AttemptOptions): Promise<Attempted> {
  const { work, progress, dryRun, rules } = options;
  const directory = join(work, 'shared');
  const notes = join(work, 'notes');
  const archive = join(work, 'archive');
  for (const each of [work, directory, notes]) await mkdir(each);
  const shared = await shareTape(tape, {
    ...options,
    directory,
    notes,
    progress: (phase, what) => progress(phase === 'gather' ? 3 : 2, what),
  });
  const failed = new AbortController();
  const packing = dryRun
    ? undefined
    : pack(directory, archive, options).catch((error) => {
        // The search may take minutes, and is for nothing then.
        failed.abort(error);
        throw error;
      });
  const proving = prove({
    // The archive is made of it, and holds these bytes, each checked against the manifest, and in its headers their paths and
    // sizes and nothing else.
    shared: directory,
    original: tape.directory,
    noted: () => shared.notes,
    published: shared.published,
    kept: keptColumns(rules),
    temporary: work,
    progress: (done, all) => progress(1, `searching what was written: ${done} of ${all} files read`),
    signal: failed.signal,
  });
  // Where one fails the other is not left to itself: what it works on is removed.
  await Promise.allSettled([packing, proving]);
  await packing;
  return { shared, proof: await proving, archive };
}

function pack(directory: string, archive: string, { sign, encryptTo }: AttemptOptions): Promise<void> {
  return writeArchive({ directory, out: archive, encryptTo, ...(sign === undefined ? {} : { sign }) });
}

function keptColumns({ columns }: Rules): Set<string> {
  return new Set([...columns].filter(([, redaction]) => redaction === 'keep').map(([column]) => column));
}
