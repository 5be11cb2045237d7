import { lstat, open, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidFileError, unreadable } from '../errors.js';
import { MANIFEST, type Manifest, type Segment } from './manifest.js';
import { MAX_MANIFEST_BYTES, parseManifest } from './parse_manifest.js';
import { parseTime } from './time.js';

/** A tape opened for reading. */
export interface Tape {
  /** Absolute path of its directory, without links. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** What an InvalidFileError says of a path at which there is nothing. */
export const NO_SUCH_TAPE = 'no such tape';

/** Opens a tape; throws an InvalidFileError naming the file that is missing or wrong. */
export async function openTape(path: string): Promise<Tape> {
  const found = await stat(path).catch((error) => missing(path, error));
  if (found === undefined) throw new InvalidFileError(path, NO_SUCH_TAPE);
  if (!found.isDirectory()) throw new InvalidFileError(path, 'not a tape; a tape is a directory');
  const file = join(path, MANIFEST);
  const size = await lstat(file).catch((error) => missing(file, error));
  if (size === undefined) throw new InvalidFileError(path, `not a tape; it has no ${MANIFEST}`);
  if (!size.isFile()) throw new InvalidFileError(file, 'not a plain file; a manifest never is a link');
  if (size.size > MAX_MANIFEST_BYTES) {
    throw new InvalidFileError(file, `${size.size} bytes long; expected at most ${MAX_MANIFEST_BYTES}`);
  }
  const manifest = parseManifest(
    file,
    await readFile(file, 'utf8').catch((error) => unreadable(file, error)),
  );
  return { directory: await realpath(resolve(path)), manifest };
}

/**
 * Absolute paths of a table's segments; empty if the table was captured and saw nothing, undefined if
 * it was not captured. Throws if a segment is missing, unreadable, or not a plain file within the tape.
 */
export async function segmentFiles(tape: Tape, table: string): Promise<string[] | undefined> {
  const segments = tape.manifest.tables[table];
  if (segments === undefined) return undefined;
  return Promise.all(segments.map((segment) => segmentFile(tape, segment)));
}

/** Absolute path of one segment, checked to be a plain file within the tape that can be read. */
export async function segmentFile(tape: Tape, segment: Segment): Promise<string> {
  const path = join(tape.directory, segment.path);
  const found = await lstat(path).catch((error) => missing(path, error));
  if (found === undefined) throw new InvalidFileError(path, `missing, though ${MANIFEST} lists it`);
  if (!found.isFile()) throw new InvalidFileError(path, 'not a plain file; segments never are links');
  const real = await realpath(path).catch((error) => unreadable(path, error));
  if (real !== path) throw new InvalidFileError(path, 'leads out of the tape by a link');
  const handle = await open(path).catch((error) => unreadable(path, error));
  await handle.close();
  return path;
}

/** First and last time of all rows of the given tables, or of all; undefined without rows. */
export function timeRange(
  tape: Tape,
  tables?: readonly string[],
): { first: bigint; last: bigint } | undefined {
  const segments = Object.entries(tape.manifest.tables)
    .filter(([table]) => tables === undefined || tables.includes(table))
    .flatMap(([, list]) => list);
  if (segments.length === 0) return undefined;
  const firsts = segments.map((segment) => parseTime(segment.first_time));
  const lasts = segments.map((segment) => parseTime(segment.last_time));
  return { first: firsts.reduce((a, b) => (b < a ? b : a)), last: lasts.reduce((a, b) => (b > a ? b : a)) };
}

/** Only ENOENT means that a file is not there; with anything else it may be. */
function missing(file: string, error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') unreadable(file, error);
}
