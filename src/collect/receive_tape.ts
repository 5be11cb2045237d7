import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { KtapeError, reasonOf } from '../errors.js';
import { MANIFEST, type Manifest, type Segment } from '../tape/manifest.js';
import { MAX_MANIFEST_BYTES, parseManifest } from '../tape/parse_manifest.js';
import type { Tape } from '../tape/tape.js';

interface Entry extends AsyncIterable<Uint8Array> {
  readonly header: Header;
  resume(): unknown;
}

/** Beside its segments a tape may have so much of other files, such as a segment that came while it was read. */
const OTHER_BYTES = 1 << 30;
const MAX_ENTRIES = 1_000_000;

/** A segment that the manifest names did not come: the recorder may have removed or merged it meanwhile. */
export class MissingSegmentError extends KtapeError {
  override readonly name = 'MissingSegmentError';
}

/**
 * Writes the tape that comes as a tar archive from a stranger to a directory. The manifest comes first and
 * decides everything: only files that it names are written, at the paths that it gives them, with the sizes and
 * SHA-256 that it gives them. Other plain files are passed over; links, devices and paths that lead elsewhere are
 * refused. Throws a KtapeError that says what is wrong; then the directory may hold some files.
 */
export async function receiveTape(archive: Readable, directory: string): Promise<Tape> {
  const entries = extract();
  const fed = pipeline(archive, entries);
  // Awaited below; a failure may come before that.
  fed.catch(() => undefined);
  try {
    const tape = await receive(entries as AsyncIterable<Entry>, directory);
    await fed;
    return tape;
  } catch (error) {
    // A source that fails takes the reader along, whose error then tells less.
    const cause = archive.errored ?? error;
    archive.destroy();
    entries.destroy();
    if (cause instanceof KtapeError) throw cause;
    throw new KtapeError(`not received: ${reasonOf(cause)}`);
  }
}

async function receive(entries: AsyncIterable<Entry>, directory: string): Promise<Tape> {
  let manifest: Manifest | undefined;
  let others = 0;
  let count = 0;
  const wanted = new Map<string, Segment>();
  for await (const entry of entries) {
    const { header } = entry;
    const path = pathOf(header);
    if (++count > MAX_ENTRIES) throw new KtapeError(`more than ${MAX_ENTRIES} files and directories`);
    if (header.type === 'directory') {
      entry.resume();
      continue;
    }
    if (manifest === undefined) {
      manifest = await receiveManifest(entry, path);
      for (const segment of Object.values(manifest.tables).flat()) wanted.set(segment.path, segment);
      continue;
    }
    const segment = wanted.get(path);
    if (segment !== undefined) {
      await receiveSegment(entry, segment, directory);
      wanted.delete(path);
      continue;
    }
    others += header.size;
    if (others > OTHER_BYTES)
      throw new KtapeError(`more than ${OTHER_BYTES} bytes of files that are not the tape's`);
    entry.resume();
  }
  if (manifest === undefined) throw new KtapeError('the archive is empty');
  const [missing] = wanted.keys();
  if (missing !== undefined)
    throw new MissingSegmentError(`${missing} did not come, though ${MANIFEST} lists it`);
  return { directory, manifest };
}

/** The path within the tape, without the `./` that tar puts before it. */
function pathOf({ name, type }: Header): string {
  const shown = JSON.stringify(name.slice(0, 200));
  if (type !== 'file' && type !== 'directory')
    throw new KtapeError(`the archive has a ${type}, ${shown}; expected files`);
  const parts = name.split('/');
  if (name.startsWith('/') || parts.includes('..')) {
    throw new KtapeError(`the archive has the path ${shown}, which leads out of the tape`);
  }
  return parts.filter((part) => part !== '.' && part !== '').join('/');
}

async function receiveManifest(entry: Entry, path: string): Promise<Manifest> {
  const { size } = entry.header;
  if (path !== MANIFEST) {
    throw new KtapeError(
      `the archive begins with ${JSON.stringify(path.slice(0, 200))}; expected ${MANIFEST}`,
    );
  }
  if (size > MAX_MANIFEST_BYTES) {
    throw new KtapeError(`${MANIFEST}: ${size} bytes long; expected at most ${MAX_MANIFEST_BYTES}`);
  }
  return parseManifest(MANIFEST, (await buffer(entry)).toString('utf8'));
}

async function receiveSegment(entry: Entry, segment: Segment, directory: string): Promise<void> {
  const { size } = entry.header;
  if (size !== segment.bytes) {
    throw new KtapeError(`${segment.path}: ${size} bytes long; the manifest says ${segment.bytes}`);
  }
  const to = join(directory, segment.path);
  await mkdir(dirname(to), { recursive: true });
  const file = await open(to, 'wx', 0o644);
  const hash = createHash('sha256');
  try {
    for await (const chunk of entry) {
      hash.update(chunk);
      await file.write(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== segment.sha256) {
    throw new KtapeError(`${segment.path}: its bytes are not those that were written (SHA-256 differs)`);
  }
}
