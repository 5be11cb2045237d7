import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { InvalidFileError, reasonOf, unreadable } from '../errors.js';
import type { Segment } from './manifest.js';
import { segmentFile, type Tape } from './tape.js';

const READ_BYTES = 1 << 20;

const OTHER_BYTES = 'its bytes are not those that were written (SHA-256 differs)';

/** Compares a segment's bytes with the manifest; returns what is wrong with it, if anything. */
export async function segmentDamage(tape: Tape, segment: Segment): Promise<string | undefined> {
  try {
    const problem = await bytesProblem(await segmentFile(tape, segment), segment);
    return problem && `${segment.path}: ${problem}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * How the bytes of a segment's file differ from those that were written, if they do. Throws an InvalidFileError where
 * they cannot be read.
 */
export async function bytesProblem(file: string, segment: Segment): Promise<string | undefined> {
  return reading(file, async (handle) => {
    const { size } = await handle.stat();
    if (size !== segment.bytes) return otherSize(size, segment);
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(size, READ_BYTES));
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return hash.digest('hex') === segment.sha256 ? undefined : OTHER_BYTES;
  });
}

/**
 * The bytes of a segment's file, read into `room` where they find room there. Throws an InvalidFileError that names the
 * file where they are not those that were written.
 */
export async function segmentBytes(
  file: string,
  segment: Segment,
  room: Uint8Array = new Uint8Array(0),
): Promise<Uint8Array> {
  const bytes = await reading(file, async (handle) => {
    const { size } = await handle.stat();
    if (size !== segment.bytes) throw new InvalidFileError(file, otherSize(size, segment));
    const all = size <= room.length ? room.subarray(0, size) : Buffer.allocUnsafe(size);
    return all.subarray(0, await fill(handle, all));
  });
  checkBytes(bytes, file, segment);
  return bytes;
}

/** Throws an InvalidFileError that names the file where the bytes are not those of the segment. */
export function checkBytes(bytes: Uint8Array, file: string, segment: Segment): void {
  if (bytes.length !== segment.bytes) throw new InvalidFileError(file, otherSize(bytes.length, segment));
  if (createHash('sha256').update(bytes).digest('hex') !== segment.sha256) {
    throw new InvalidFileError(file, OTHER_BYTES);
  }
}

/** Reads from the file's beginning until the bytes are full or the file ends; returns how many were read. */
async function fill(handle: FileHandle, bytes: Uint8Array): Promise<number> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}

function otherSize(size: number, { bytes }: Segment): string {
  return `${size} bytes long; the manifest says ${bytes}`;
}

/** Opens the file for what is read of it. */
async function reading<R>(file: string, read: (handle: FileHandle) => Promise<R>): Promise<R> {
  const handle = await open(file).catch((error) => unreadable(file, error));
  try {
    return await read(handle);
  } catch (error) {
    throw error instanceof InvalidFileError ? error : unreadable(file, error);
  } finally {
    await handle.close();
  }
}
