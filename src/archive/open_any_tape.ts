import { createReadStream } from 'node:fs';
import { mkdtemp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { InvalidFileError, KtapeError, reasonOf } from '../errors.js';
import { NO_SUCH_TAPE, openTape, type Tape } from '../tape/tape.js';
import { decrypted } from './age.js';
import { archiveKind } from './archive_kind.js';
import { SIGNATURE } from './signature.js';
import { TapeCache } from './tape_cache.js';
import { manifestOf, pathOf, signatureOf, type TarEntry } from './tar_entry.js';
import { unpackTape } from './unpack_tape.js';

const READING = { highWaterMark: 1 << 20 };

export interface OpenOptions {
  /** age identities, any of which may open an encrypted archive. */
  readonly identities?: readonly string[];
  /** Directory where archives that are not encrypted stay unpacked for the next time. */
  readonly cache: string;
  /** Gives a directory that the caller removes: what was encrypted is in clear there. */
  readonly temporary: () => string;
}

/**
 * Opens a tape, be it a directory, a tar archive or an encrypted one: archives are unpacked, and every segment's
 * SHA-256 compared. Throws a KtapeError that names the file.
 */
export async function openAnyTape(path: string, options: OpenOptions): Promise<Tape> {
  const kind = await tapeKind(path);
  if (kind === 'directory') return openTape(path);
  try {
    const cache = kind === 'tar' ? await openCache(options.cache) : undefined;
    if (cache !== undefined) return await openThrough(cache, path);
    const directory = await mkdtemp(join(options.temporary(), 'tape-'));
    await unpackTape(await archiveBytes(path, options), directory);
    return await openTape(directory);
  } catch (error) {
    if (error instanceof InvalidFileError && error.file === path) throw error;
    throw new InvalidFileError(path, reasonOf(error));
  }
}

/** What a path is. Throws an InvalidFileError for what is no tape. */
export async function tapeKind(path: string): Promise<'directory' | 'tar' | 'age'> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidFileError(path, error.code === 'ENOENT' ? NO_SUCH_TAPE : reasonOf(error));
  });
  if (found.isDirectory()) return 'directory';
  const kind = found.isFile() ? await archiveKind(path) : undefined;
  if (kind === undefined)
    throw new InvalidFileError(path, 'not a tape; a tape is a directory, a .tape.tar or a .tape.tar.age');
  return kind;
}

/** The bytes of an archive, decrypted where need be. */
export async function archiveBytes(
  path: string,
  { identities = [] }: Pick<OpenOptions, 'identities'>,
): Promise<Readable> {
  if ((await archiveKind(path)) !== 'age') return createReadStream(path, READING);
  if (identities.length === 0)
    throw new InvalidFileError(path, 'encrypted with age; --identity FILE gives the key that opens it');
  return decrypted(createReadStream(path, READING), identities);
}

/** The cache; undefined where there can be none, as without a home directory that can be written. */
async function openCache(directory: string): Promise<TapeCache | undefined> {
  return TapeCache.open(directory).catch((error) => {
    if (error instanceof KtapeError) throw error;
    return undefined;
  });
}

async function openThrough(cache: TapeCache, path: string): Promise<Tape> {
  const beginning = await beginningOf(createReadStream(path));
  const known = beginning && (await cache.find(beginning.manifest, beginning.signature));
  return known ?? cache.add((directory) => unpackTape(createReadStream(path, READING), directory));
}

/** What the cache knows a tape by. */
interface Beginning {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

/** The first two files of an archive; undefined where these are not what ktape puts there, which unpacking tells. */
async function beginningOf(archive: Readable): Promise<Beginning | undefined> {
  let manifest: Uint8Array | undefined;
  try {
    for await (const entry of archive.pipe(extract()) as AsyncIterable<TarEntry>) {
      if (manifest !== undefined) {
        const isSigned = pathOf(entry.header) === SIGNATURE;
        return { manifest, signature: isSigned ? await signatureOf(entry) : undefined };
      }
      manifest = await manifestOf(entry);
    }
    return manifest && { manifest, signature: undefined };
  } catch {
    return undefined;
  } finally {
    archive.destroy();
  }
}
