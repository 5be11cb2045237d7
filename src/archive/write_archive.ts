import type { KeyObject } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { syncDirectory, TEMPORARY } from '../tape/durable_file.js';
import { MANIFEST } from '../tape/manifest.js';
import { openTape } from '../tape/tape.js';
import { encrypted } from './age.js';
import { packTape } from './pack_tape.js';
import { signManifest } from './signature.js';

export interface ArchiveOptions {
  /** The tape, a directory. */
  readonly directory: string;
  /** The file to write; one that is there is replaced once the new one is whole. */
  readonly out: string;
  /** An Ed25519 private key that signs the manifest. */
  readonly sign?: KeyObject;
  /** age recipients (`age1…`), any of whom can open it; unencrypted if there are none. */
  readonly encryptTo?: readonly string[];
}

/**
 * Writes a tape to one file, as it goes: nothing is held in memory. A reader sees the whole file or none, and where
 * this fails nothing is left behind. Throws what the file system does, or an InvalidFileError that names a segment.
 */
export async function writeArchive({ directory, out, sign, encryptTo = [] }: ArchiveOptions): Promise<void> {
  const tape = await openTape(directory);
  const signature = sign && signManifest(await readFile(join(tape.directory, MANIFEST)), sign);
  const stream = await packTape(tape, signature);
  const temporary = `${out}${TEMPORARY}`;
  // Whoever is writing it already goes on, and a link that somebody put there is not followed.
  const file = await open(temporary, 'wx', 0o644).catch((error) => {
    stream.destroy();
    throw error;
  });
  try {
    const bytes = encryptTo.length === 0 ? stream : await encrypted(stream, encryptTo);
    await pipeline(bytes, file.createWriteStream({ flush: true }));
    await rename(temporary, out);
    await syncDirectory(dirname(out));
  } catch (error) {
    stream.destroy();
    await rm(temporary, { force: true });
    throw error;
  }
}
