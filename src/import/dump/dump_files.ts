import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { InvalidFileError, reasonOf, unreadable } from '../../errors.js';

/** A file of a dump, whether it lies in a directory or in an archive. */
export interface DumpFile {
  /** Its path within the dump, with slashes. */
  readonly path: string;
  readonly text: string;
  /** When it was written last, nanoseconds since the epoch. */
  readonly modified: bigint;
}

/** Bounds on what a stranger's dump may have. */
const MAX_FILE_BYTES = 512 << 20;
const MAX_BYTES = 16 * 2 ** 30;
const MAX_FILES = 1_000_000;

/**
 * The files of a dump, which is a directory or an archive (.tar, .tar.gz, .tgz), that are wanted by their paths. Nothing
 * is unpacked to the disk, and links are passed over. Throws an InvalidFileError where it cannot be read or is too much.
 */
export async function* dumpFiles(
  dump: string,
  isWanted: (path: string) => boolean,
): AsyncGenerator<DumpFile> {
  const found = await stat(dump).catch((error) => unreadable(dump, error));
  if (found.isDirectory()) yield* filesBelow(dump, isWanted);
  else if (/\.(tar|tgz|tar\.gz)$/.test(dump)) yield* filesInArchive(dump, isWanted);
  else throw new InvalidFileError(dump, 'expected a directory, a .tar.gz, .tgz or .tar');
}

async function* filesBelow(directory: string, isWanted: (path: string) => boolean): AsyncGenerator<DumpFile> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const path = relative(directory, file);
    if (!isWanted(path)) continue;
    const { size, mtimeMs } = await stat(file);
    if (size > MAX_FILE_BYTES) throw tooLarge(directory, path, size);
    yield { path, text: await readFile(file, 'utf8'), modified: nanoseconds(mtimeMs) };
  }
}

interface Entry extends AsyncIterable<Uint8Array> {
  readonly header: Header;
  resume(): unknown;
}

async function* filesInArchive(
  archive: string,
  isWanted: (path: string) => boolean,
): AsyncGenerator<DumpFile> {
  const entries = extract();
  const file = createReadStream(archive);
  const fed = archive.endsWith('.tar')
    ? pipeline(file, bounded(archive), entries)
    : pipeline(file, createGunzip(), bounded(archive), entries);
  // Awaited below; a failure may come before that.
  fed.catch(() => undefined);
  let count = 0;
  try {
    for await (const entry of entries as AsyncIterable<Entry>) {
      const { name, type, size = 0, mtime } = entry.header;
      if (++count > MAX_FILES) throw new InvalidFileError(archive, `more than ${MAX_FILES} files`);
      const path = name.replace(/^(?:\.?\/)+/, '');
      if (type !== 'file' || !isWanted(path)) {
        entry.resume();
        continue;
      }
      if (size > MAX_FILE_BYTES) throw tooLarge(archive, path, size);
      const bytes = await buffer(entry);
      yield { path, text: bytes.toString('utf8'), modified: nanoseconds(mtime?.getTime() ?? 0) };
    }
    await fed;
  } catch (error) {
    if (error instanceof InvalidFileError) throw error;
    throw new InvalidFileError(archive, `not an archive that can be read (${reasonOf(error)})`);
  }
}

/** Passes bytes on, up to a bound: a few bytes of gzip can become terabytes. */
function bounded(archive: string) {
  return async function* (chunks: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES)
        throw new InvalidFileError(archive, `more than ${MAX_BYTES} bytes when unpacked`);
      yield chunk;
    }
  };
}

function tooLarge(dump: string, path: string, size: number): InvalidFileError {
  return new InvalidFileError(dump, `${path} is ${size} bytes long; expected at most ${MAX_FILE_BYTES}`);
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds)) * 1_000_000n;
}
