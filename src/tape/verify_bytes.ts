import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InvalidFileError, reasonOf, unreadable } from '../errors.js';
import type { Segment } from './manifest.js';
import { segmentFile, type Tape } from './tape.js';

const READ_BYTES = 1 << 20;

/** Compares a segment's bytes with the manifest; returns what is wrong with it, if anything. */
export async function segmentDamage(tape: Tape, segment: Segment): Promise<string | undefined> {
  try {
    const path = await segmentFile(tape, segment);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
      bytes += chunk.length;
      hash.update(chunk);
    }
    if (bytes !== segment.bytes)
      return `${segment.path}: ${bytes} bytes long; the manifest says ${segment.bytes}`;
    if (hash.digest('hex') !== segment.sha256)
      return `${segment.path}: its bytes are not those that were written (SHA-256 differs)`;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The bytes of a segment's file. Throws an InvalidFileError that names it where they are not those that were written. */
export async function segmentBytes(file: string, segment: Segment): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error) => unreadable(file, error));
  if (createHash('sha256').update(bytes).digest('hex') !== segment.sha256) {
    throw new InvalidFileError(file, 'its bytes are not those that were written (SHA-256 differs)');
  }
  return bytes;
}
