import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { InvalidFileError } from '../errors.js';
import { MANIFEST, type Segment } from '../tape/manifest.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { readSignature, SIGNATURE } from './signature.js';

const READ_BYTES = 1 << 20;
/** A tar archive's files begin and end at multiples of it. */
export const BLOCK_BYTES = 512;

/** One file of an archive. */
interface PackedFile {
  readonly path: string;
  readonly bytes: number;
  /** Its content, and what checks it. */
  open(): Promise<[Readable, ...Transform[]]>;
}

/**
 * The tape as an uncompressed tar: the manifest, its signature where there is one, the segments sorted by path, and
 * of each file nothing but its name and bytes, so that a tape has one archive. The stream fails with an
 * InvalidFileError where a segment is not what the manifest says.
 * @param signature of the manifest; by default what the tape has.
 */
export async function packTape(tape: Tape, signature?: Uint8Array): Promise<Readable> {
  return packed(await filesOf(tape, signature ?? (await readSignature(tape))));
}

/** How long an archive `packTape` makes of a tape, in bytes; nothing is read but its manifest and signature. */
export async function packedBytes(tape: Tape): Promise<number> {
  const files = await filesOf(tape, await readSignature(tape));
  let bytes = files.reduce((sum, file) => sum + Math.ceil(file.bytes / BLOCK_BYTES) * BLOCK_BYTES, 0);
  const headers = packed(files.map(({ path }) => inMemory(path, new Uint8Array())));
  for await (const chunk of headers as AsyncIterable<Uint8Array>) bytes += chunk.length;
  return bytes;
}

async function filesOf(tape: Tape, signature: Uint8Array | undefined): Promise<PackedFile[]> {
  return [
    inMemory(MANIFEST, await readFile(join(tape.directory, MANIFEST))),
    ...(signature === undefined ? [] : [inMemory(SIGNATURE, signature)]),
    ...Object.values(tape.manifest.tables)
      .flat()
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map((segment) => onDisk(tape, segment)),
  ];
}

function packed(files: readonly PackedFile[]): Readable {
  const archive = pack();
  const feed = async () => {
    for (const file of files) await packFile(archive, file);
    archive.finalize();
  };
  feed().catch((error) => archive.destroy(error));
  const stream = Readable.from(archive, { objectMode: false });
  // A reader that fails takes the stream along, and both tell of it when nobody listens any more.
  for (const ending of [archive, stream]) ending.on('error', () => undefined);
  return stream;
}

async function packFile(archive: Pack, { path, bytes, open }: PackedFile): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const header = { name: path, size: bytes, mode: 0o644, mtime: new Date(0) };
    const entry = archive.entry(header, (error) => (error ? reject(error) : resolve()));
    // Also of what fails once the entry has all.
    entry.on('error', reject);
    // Not before there is an entry: nobody would hear of a failure of a stream that goes nowhere.
    open()
      .then((content) => pipeline([...content, entry]))
      .catch(reject);
  });
}

function inMemory(path: string, content: Uint8Array): PackedFile {
  return { path, bytes: content.length, open: async () => [Readable.from([content])] };
}

function onDisk(tape: Tape, segment: Segment): PackedFile {
  const { path, bytes } = segment;
  const open = async (): Promise<[Readable, Transform]> => {
    const file = await segmentFile(tape, segment);
    return [createReadStream(file, { highWaterMark: READ_BYTES }), checked(file, segment)];
  };
  return { path, bytes, open };
}

/** Passes bytes on, and fails where they are not those that were written. */
function checked(file: string, { bytes, sha256 }: Segment): Transform {
  const hash = createHash('sha256');
  let seen = 0;
  const lengthProblem = () =>
    new InvalidFileError(file, `${seen} bytes long or longer; ${MANIFEST} says ${bytes}`);
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seen += chunk.length;
      hash.update(chunk);
      done(seen > bytes ? lengthProblem() : null, chunk);
    },
    flush(done) {
      if (seen !== bytes) return done(lengthProblem());
      const isSame = hash.digest('hex') === sha256;
      done(
        isSame
          ? null
          : new InvalidFileError(file, 'its bytes are not those that were written (SHA-256 differs)'),
      );
    },
  });
}
