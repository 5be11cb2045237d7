import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KtapeError } from '../errors.js';
import { MANIFEST } from '../tape/manifest.js';
import { openTape, type Tape } from '../tape/tape.js';
import { readSignature } from './signature.js';

/** Beyond this, tapes that were not opened for longest are thrown out. */
const MAX_BYTES = 10 * 2 ** 30;
/** A tape that was opened so short ago may be being read. */
const IN_USE_MS = 3_600_000;
/** How directories are called that are not whole yet. */
const UNPACKING = 'unpacking-';

/**
 * Unpacked tapes, each under the SHA-256 of its manifest and signature. These tell all of a tape, because the
 * manifest has the SHA-256 of every segment and nothing is unpacked that differs.
 */
export class TapeCache {
  private constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  /** Makes the directory if need be. Throws a KtapeError where others could change what is in it. */
  static async open(directory: string, maxBytes = MAX_BYTES): Promise<TapeCache> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const found = await lstat(directory);
    const user = process.geteuid?.() ?? found.uid;
    const refuse = (why: string) => {
      throw new KtapeError(
        `${directory}: ${why}, so nothing is unpacked there; XDG_CACHE_HOME names another place`,
      );
    };
    if (!found.isDirectory()) refuse('not a directory');
    if (found.uid !== user) refuse(`belongs to user ${found.uid} and not to ${user}`);
    if ((found.mode & 0o022) !== 0)
      refuse(`others may write in it (mode ${(found.mode & 0o777).toString(8)})`);
    await chmod(directory, 0o700);
    return new TapeCache(directory, maxBytes);
  }

  /** The tape with this manifest and signature, if it is there. */
  async find(manifest: Uint8Array, signature: Uint8Array | undefined): Promise<Tape | undefined> {
    return this.use(join(this.directory, nameOf(manifest, signature)));
  }

  /** Adds what `unpack` puts in a directory. What others add meanwhile, or leave unfinished, does no harm. */
  async add(unpack: (directory: string) => Promise<Tape>): Promise<Tape> {
    await this.makeRoom();
    const temporary = await mkdtemp(join(this.directory, UNPACKING));
    try {
      const unpacked = await unpack(temporary);
      const manifest = await readFile(join(temporary, MANIFEST));
      const kept = join(this.directory, nameOf(manifest, await readSignature(unpacked)));
      await rename(temporary, kept).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
      return await openTape(kept);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  private async use(directory: string): Promise<Tape | undefined> {
    const now = new Date();
    const isThere = await utimes(directory, now, now).then(
      () => true,
      () => false,
    );
    return isThere ? openTape(directory) : undefined;
  }

  /** Throws out what was not opened for longest until the rest is within the limit, and what was left unfinished. */
  private async makeRoom(): Promise<void> {
    const names = await readdir(this.directory);
    const entries = await Promise.all(names.map((name) => entryAt(join(this.directory, name))));
    let bytes = 0;
    for (const entry of entries.sort((a, b) => b.used - a.used)) {
      const isInUse = entry.used > Date.now() - IN_USE_MS;
      const isAbandoned = !isInUse && basename(entry.path).startsWith(UNPACKING);
      if (!isAbandoned) bytes += entry.bytes;
      if (isAbandoned || (!isInUse && bytes > this.maxBytes))
        await rm(entry.path, { recursive: true, force: true });
    }
  }
}

interface CacheEntry {
  readonly path: string;
  readonly bytes: number;
  /** When it was last opened, or begun; milliseconds since the epoch. */
  readonly used: number;
}

/** What is gone meanwhile takes no room. */
async function entryAt(path: string): Promise<CacheEntry> {
  const sizeOf = (file: string) =>
    lstat(file).then(
      ({ size }) => size,
      () => 0,
    );
  const used = await lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const files = await readdir(path, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(files.map((file) => sizeOf(join(path, file))));
  return { path, bytes: sizes.reduce((sum, size) => sum + size, 0), used };
}

function nameOf(manifest: Uint8Array, signature: Uint8Array | undefined): string {
  const hash = createHash('sha256').update(manifest);
  if (signature !== undefined) hash.update(signature);
  return hash.digest('hex');
}
