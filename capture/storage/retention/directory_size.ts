import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST } from '../../../src/tape/manifest.js';
import { journalDirectory } from '../journal_files.js';

/** Bytes of a tape's directory beside its segments: the journal, and the manifest, twice while it is written. */
export async function bytesOutsideSegments(tape: string): Promise<number> {
  const journal = await readdir(journalDirectory(tape)).catch(() => []);
  const sizes = await Promise.all(
    [...journal.map((name) => join(journalDirectory(tape), name)), join(tape, MANIFEST)].map(sizeOf),
  );
  return sizes.reduce((sum, size) => sum + size, 0) + (sizes.at(-1) ?? 0);
}

/** 0 for a file that is gone. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
