import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What a file is called until it is whole. */
export const TEMPORARY = '.tmp';

/**
 * Writes a whole file so that a reader sees all of it or nothing, also after a power cut: under a
 * temporary name, synced, renamed, and the directory synced. Leaves nothing behind when it fails.
 */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}${TEMPORARY}`;
  try {
    const file = await open(temporary, 'w', 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Syncs a file that somebody else wrote; returns its length and its SHA-256 in hex, as a manifest has them. */
export async function syncedFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** Makes a directory, and those above it that are not there, so that their names survive a power cut. */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  const wanted = resolve(path);
  const first = await mkdir(wanted, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = wanted; made.length >= first.length; made = dirname(made))
    await syncDirectory(dirname(made));
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
