import { createReadStream } from 'node:fs';
import { mkdtemp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { InvalidFileError, KtapeError, reasonOf } from '../errors.js';
import { NO_SUCH_TAPE, openTape, type Tape } from '../tape/tape.js';
import { decrypted } from './age.js';
import { archiveKind } from './archive_kind.js';
import { packedBytes } from './pack_tape.js';
import { SIGNATURE } from './signature.js';
import { TapeCache } from './tape_cache.js';
import { manifestOf, pathOf, signatureOf, type TarEntry } from './tar_entry.js';
import { unpackDamaged, unpackTape } from './unpack_tape.js';

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
    const unpack = async (directory: string) => {
      const tape = await unpackTape(await archiveBytes(path, options), directory);
      if (kind === 'tar') await bytesBeyond(path, tape);
      return tape;
    };
    const cache = kind === 'tar' ? await openCache(options.cache) : undefined;
    if (cache !== undefined) return (await knownTape(cache, path)) ?? (await cache.add(unpack));
    const directory = await unpackingDirectory(options);
    await unpack(directory);
    return await openTape(directory);
  } catch (error) {
    throw inArchive(path, error);
  }
}

/** What there is of a tape whose archive may be damaged. */
export interface DamagedTape {
  /** Its segments are what the archive has of them, which need not be what the manifest says. */
  readonly tape: Tape;
  /** What kept the rest of the archive from being read. */
  readonly problem: string | undefined;
}

/**
 * Unpacks as much of an archive as can be read, whatever it is, to where it stays until the command ends. Throws an
 * InvalidFileError that names the archive where there is no manifest to be read.
 */
export async function openDamaged(path: string, options: OpenOptions): Promise<DamagedTape> {
  try {
    const directory = await unpackingDirectory(options);
    const problem = await unpackDamaged(await archiveBytes(path, options), directory);
    return { tape: await openTape(directory), problem };
  } catch (error) {
    throw inArchive(path, error);
  }
}

function unpackingDirectory({ temporary }: OpenOptions): Promise<string> {
  return mkdtemp(join(temporary(), 'tape-'));
}

function inArchive(path: string, error: unknown): InvalidFileError {
  if (error instanceof InvalidFileError && error.file === path) return error;
  return new InvalidFileError(path, reasonOf(error));
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

/** What the cache has of an archive whose length is that of its tape; others have to be looked at whole. */
async function knownTape(cache: TapeCache, path: string): Promise<Tape | undefined> {
  const beginning = await beginningOf(createReadStream(path));
  const known = beginning && (await cache.find(beginning.manifest, beginning.signature));
  return known !== undefined && (await bytesBeyond(path, known)) === 0 ? known : undefined;
}

/**
 * How much longer an archive is than the one that ktape makes of its tape, as other programs' archives are, and one
 * that something was added to. Throws where it is shorter, which no program's is.
 */
async function bytesBeyond(path: string, tape: Tape): Promise<number> {
  const beyond = (await stat(path)).size - (await packedBytes(tape));
  if (beyond < 0) throw new KtapeError(`cut off: ${-beyond} bytes are missing at its end`);
  return beyond;
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
