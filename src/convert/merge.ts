import { recordedTwice } from '../collect/recorded_twice.js';
import { InvalidFileError, UsageError } from '../errors.js';
import { SHARED_SOURCES } from '../query/sources.js';
import { copySegment } from '../tape/copy_segment.js';
import type { Manifest } from '../tape/manifest.js';
import { mergeTapes } from '../tape/merge_tapes.js';
import { notCompleted } from '../tape/not_completed.js';
import type { Tape } from '../tape/tape.js';
import { shortTimes } from '../tape/time.js';
import { newDirectory, type OnExit } from './new_directory.js';

/** A recorder that runs may remove or merge segments while its tape is read. */
const TRIES = 3;

export interface MergeOptions {
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  readonly onExit: OnExit;
  /** Opens a tape by its path. */
  readonly open: (path: string) => Promise<Tape>;
}

/** What was made, and what its reader should know, a sentence each. */
export interface MergedTapes {
  readonly manifest: Manifest;
  readonly notices: readonly string[];
}

/**
 * Makes one tape of several in a new directory: their segments side by side, each verified while it is copied, and one
 * that several tapes have only once. Throws a KtapeError that names what is wrong; then nothing is left behind.
 */
export async function mergeInto(
  paths: readonly string[],
  output: string,
  options: MergeOptions,
): Promise<MergedTapes> {
  if (paths.length < 2) throw new UsageError(`merge ${paths.join(' ')}: expected at least two tapes`);
  for (let tries = 1; ; tries++) {
    const tapes = await Promise.all(paths.map((path) => options.open(path)));
    try {
      const manifest = await newDirectory(output, options.onExit, (directory) =>
        mergeTapes(tapes, directory, options.tool, copySegment),
      );
      const notices = [
        ...tapes.flatMap((tape, index) => notCompleted(paths[index] ?? '', tape.manifest)).map(shortTimes),
        ...twiceRecorded(paths, tapes),
        ...otherNames(paths, tapes),
      ];
      return { manifest, notices: [...new Set(notices)] };
    } catch (error) {
      const mayHaveChanged = tapes.some(({ manifest }) => manifest.state === 'recording');
      if (!(error instanceof InvalidFileError) || !mayHaveChanged || tries === TRIES) throw error;
    }
  }
}

/** Says which kernels two of the tapes recorded at the same time; segments that both have are there once. */
function twiceRecorded(paths: readonly string[], tapes: readonly Tape[]): string[] {
  const known = new Set<string>();
  const distinct = tapes.map(({ manifest }, index) => {
    const own = Object.values(manifest.tables)
      .flat()
      .filter(({ sha256 }) => !known.has(sha256));
    for (const { sha256 } of own) known.add(sha256);
    return { pod: paths[index] ?? '', manifest, isCopy: own.length === 0 };
  });
  return recordedTwice(distinct.filter(({ isCopy }) => !isCopy));
}

/** Says where some of the tapes have been shared and others not: the same things have other names in them. */
function otherNames(paths: readonly string[], tapes: readonly Tape[]): string[] {
  const isShared = ({ manifest }: Tape) =>
    manifest.sources.some(({ name }) => name.split(' ')[0] === SHARED_SOURCES.prefix);
  const shared = tapes.findIndex(isShared);
  const other = tapes.findIndex((tape) => !isShared(tape));
  if (shared < 0 || other < 0) return [];
  return [
    `${paths[shared]} was shared, so that its names and addresses are others than those of ${paths[other]}: what both saw is there twice, as different things`,
  ];
}
