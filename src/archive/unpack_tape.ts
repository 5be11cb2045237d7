import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { KtapeError, reasonOf } from '../errors.js';
import { writeDurably } from '../tape/durable_file.js';
import { MANIFEST, type Segment } from '../tape/manifest.js';
import { parseManifest } from '../tape/parse_manifest.js';
import type { Tape } from '../tape/tape.js';
import { SIGNATURE } from './signature.js';
import { manifestOf, pathOf, signatureOf, type TarEntry } from './tar_entry.js';

/** Beside its segments a tape may have so much of other files, such as a segment that came while it was read. */
const OTHER_BYTES = 1 << 30;
const MAX_ENTRIES = 1_000_000;

/** A segment that the manifest names did not come: the recorder may have removed or merged it meanwhile. */
export class MissingSegmentError extends KtapeError {
  override readonly name = 'MissingSegmentError';
}

/**
 * Writes the tape that comes as a tar archive from a stranger to a directory, which is made. The manifest comes
 * first and decides everything: only files that it names are written, at the paths that it gives them, with the
 * sizes and SHA-256 that it gives them; and last, once all is there, the manifest itself with its signature. Other
 * plain files are passed over; links, devices, paths that lead elsewhere and files that come twice are refused.
 * Throws a KtapeError that says what is wrong; then the directory may hold some files, and is no tape.
 */
export async function unpackTape(archive: Readable, directory: string): Promise<Tape> {
  const unpacking = new Unpacking(directory, writeSegment);
  try {
    await takeAll(archive, unpacking);
    unpacking.requireAll();
    return await unpacking.finish();
  } catch (error) {
    throw unpacking.failure(error);
  }
}

/**
 * Like `unpackTape`, but writes all segments that come, whatever is in them; returns what kept the rest from
 * being read, if anything. Throws a KtapeError where there is no manifest.
 */
export async function unpackDamaged(archive: Readable, directory: string): Promise<string | undefined> {
  const unpacking = new Unpacking(directory, writeContent);
  let problem: string | undefined;
  try {
    await takeAll(archive, unpacking);
  } catch (error) {
    const failure = unpacking.failure(error);
    // A disk that is full, say, tells nothing of the archive.
    if (isSystems(error) || !unpacking.hasManifest) throw failure;
    problem = failure.message;
  }
  await unpacking.finish();
  return problem;
}

/** Throws what is wrong with the archive, or what kept it from being read or written. */
async function takeAll(archive: Readable, unpacking: Unpacking): Promise<void> {
  const entries = extract();
  const fed = pipeline(archive, entries);
  // Awaited below; a failure may come before that.
  fed.catch(() => undefined);
  try {
    for await (const entry of entries as AsyncIterable<TarEntry>) await unpacking.take(entry);
    await fed;
  } catch (error) {
    entries.destroy();
    // What fails on the way takes the file being read along, whose error then tells less.
    const first = await fed.catch((reason) => reason);
    throw error instanceof KtapeError || isSystems(error) ? error : (first ?? error);
  }
}

/** Whether it is what the operating system refused. */
function isSystems(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

class Unpacking {
  private content: { readonly tape: Tape; readonly bytes: Uint8Array } | undefined;
  private signature: Uint8Array | undefined;
  private readonly wanted = new Map<string, Segment>();
  private readonly written = new Set<string>();
  private others = 0;
  private count = 0;
  /** What is being read, for messages. */
  private where = 'at its beginning';

  constructor(
    private readonly directory: string,
    private readonly write: (entry: TarEntry, segment: Segment, directory: string) => Promise<unknown>,
  ) {}

  get hasManifest(): boolean {
    return this.content !== undefined;
  }

  failure(error: unknown): KtapeError {
    return error instanceof KtapeError ? error : new KtapeError(`${this.where}: ${reasonOf(error)}`);
  }

  async take(entry: TarEntry): Promise<void> {
    const path = pathOf(entry.header);
    if (++this.count > MAX_ENTRIES) throw new KtapeError(`more than ${MAX_ENTRIES} files and directories`);
    if (entry.header.type === 'directory') {
      entry.resume();
      return;
    }
    this.where = `in ${path.slice(0, 200)}`;
    if (this.content === undefined) await this.takeManifest(entry);
    else await this.takeFile(entry, path);
    this.where = `after ${path.slice(0, 200)}`;
  }

  requireAll(): void {
    const [missing] = this.wanted.keys();
    if (missing !== undefined)
      throw new MissingSegmentError(`${missing} did not come, though ${MANIFEST} lists it`);
  }

  /** Makes the directory a tape. */
  async finish(): Promise<Tape> {
    if (this.content === undefined) throw new KtapeError('the archive is empty');
    if (this.signature !== undefined) await writeDurably(join(this.directory, SIGNATURE), this.signature);
    await writeDurably(join(this.directory, MANIFEST), this.content.bytes);
    return this.content.tape;
  }

  private async takeManifest(entry: TarEntry): Promise<void> {
    const bytes = await manifestOf(entry);
    const manifest = parseManifest(MANIFEST, bytes.toString('utf8'));
    for (const segment of Object.values(manifest.tables).flat()) this.wanted.set(segment.path, segment);
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    this.content = { tape: { directory: this.directory, manifest }, bytes };
    this.written.add(MANIFEST);
  }

  private async takeFile(entry: TarEntry, path: string): Promise<void> {
    if (this.written.has(path)) throw new KtapeError(`${path}: comes twice`);
    const segment = this.wanted.get(path);
    if (segment !== undefined) {
      await this.write(entry, segment, this.directory);
      this.wanted.delete(path);
      this.written.add(path);
    } else if (path === SIGNATURE) {
      this.signature = await signatureOf(entry);
      this.written.add(path);
    } else {
      this.others += entry.header.size;
      if (this.others > OTHER_BYTES)
        throw new KtapeError(`more than ${OTHER_BYTES} bytes of files that are not the tape's`);
      entry.resume();
    }
  }
}

async function writeSegment(entry: TarEntry, segment: Segment, directory: string): Promise<void> {
  const { size } = entry.header;
  if (size !== segment.bytes) {
    throw new KtapeError(`${segment.path}: ${size} bytes long; the manifest says ${segment.bytes}`);
  }
  if ((await writeContent(entry, segment, directory)) !== segment.sha256) {
    throw new KtapeError(`${segment.path}: its bytes are not those that were written (SHA-256 differs)`);
  }
}

/** Writes what comes, all of it or nothing, and returns its SHA-256. */
async function writeContent(entry: TarEntry, { path }: Segment, directory: string): Promise<string> {
  const to = join(directory, path);
  await mkdir(dirname(to), { recursive: true });
  const file = await open(to, 'wx', 0o644);
  const hash = createHash('sha256');
  try {
    for await (const chunk of entry) {
      hash.update(chunk);
      // Unlike write, until all of it is.
      await file.appendFile(chunk);
    }
    await file.sync();
  } catch (error) {
    // How much of it has come by now tells nothing.
    await rm(to);
    throw error;
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
