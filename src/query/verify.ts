import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNATURE } from '../archive/signature.js';
import { InvalidFileError, reasonOf } from '../errors.js';
import { tableNamed } from '../schema/tables/index.js';
import { MANIFEST, type Segment } from '../tape/manifest.js';
import { PINS } from '../tape/pins.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import type { SegmentFile } from './verify_contents.js';
import { reasonWithoutFile, SegmentChecks } from './verify_segments.js';

/** What was found of one file of a tape. */
export interface Finding {
  /** Path within the tape. */
  readonly path: string;
  /** Rows that the manifest says it has; null for a file that the manifest does not name. */
  readonly rows: number | null;
  /** What is wrong with it; null when nothing is. */
  readonly problem: string | null;
}

/** A segment as the manifest lists it, below the name of its table. */
interface Listed {
  readonly name: string;
  readonly segment: Segment;
}

/** Segments that are looked at together. */
const AT_ONCE = 256;

/**
 * Checks every segment: its bytes and SHA-256, that it is a Parquet file with exactly the declared
 * columns, that its rows and times are what the manifest says and are sorted. Files that the manifest
 * does not name are found too; while the tape is being recorded these are the recorder's.
 */
export async function* verifyTape(tape: Tape, temporary: string): AsyncGenerator<Finding> {
  const listed = Object.entries(tape.manifest.tables).flatMap(([name, segments]) =>
    segments.map((segment) => ({ name, segment })),
  );
  const files = listed.map(({ segment }) => join(tape.directory, segment.path));
  const checks = new SegmentChecks(files, temporary);
  try {
    for (let first = 0; first < listed.length; first += AT_ONCE) {
      yield* await findingsOf(tape, listed.slice(first, first + AT_ONCE), checks);
    }
  } finally {
    checks.close();
  }
  if (tape.manifest.state === 'complete') yield* strays(tape);
}

async function findingsOf(tape: Tape, listed: readonly Listed[], checks: SegmentChecks): Promise<Finding[]> {
  const located = await Promise.all(listed.map((one) => locate(tape, one)));
  const problems = await checks.problemsOf(located.filter((one) => typeof one !== 'string'));
  return listed.map(({ segment: { path, rows } }, i) => {
    const one = located[i] ?? '';
    return { path, rows, problem: (typeof one === 'string' ? one : problems.get(one.file)) ?? null };
  });
}

/** The segment's file, or why it cannot be looked at. */
async function locate(tape: Tape, { name, segment }: Listed): Promise<SegmentFile | string> {
  const table = tableNamed(name);
  if (table === undefined) return `${name} is no table that this ktape knows`;
  try {
    return { file: await segmentFile(tape, segment), table, segment };
  } catch (error) {
    return reasonWithoutFile(error);
  }
}

async function* strays(tape: Tape): AsyncGenerator<Finding> {
  const named = new Set([
    MANIFEST,
    SIGNATURE,
    ...Object.values(tape.manifest.tables).flatMap((list) => list.map(({ path }) => path)),
  ]);
  const entries = await readdir(tape.directory, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new InvalidFileError(error.path ?? tape.directory, reasonOf(error));
    },
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(entry.parentPath, entry.name).slice(tape.directory.length + 1);
    if (entry.isDirectory() || named.has(path) || path.startsWith(`${PINS}/`)) continue;
    yield { path, rows: null, problem: `not part of the tape: ${MANIFEST} does not name it` };
  }
}
