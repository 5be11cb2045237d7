import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a chunk. */
const CHUNK = 8192;

/** A file for what does not fit in memory, in chunks of one size, which threads write and read at the same time. */
export interface SpillFile {
  /** All threads of the process have it open. */
  readonly descriptor: number;
  /** In shared memory: how many chunks were given out. */
  readonly chunks: Int32Array<SharedArrayBuffer>;
}

/** Numbers of 32 bits in a chunk. */
export const NUMBERS = CHUNK / Int32Array.BYTES_PER_ELEMENT;

/** Makes a file that has no name, so that nothing is left of it however the process ends. */
export function openSpillFile(directory: string): SpillFile {
  const path = join(directory, `.ktape-${randomUUID()}`);
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return {
    descriptor,
    chunks: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
}

export function closeSpillFile({ descriptor }: SpillFile): void {
  closeSync(descriptor);
}

/** Writes a chunk; returns its number. */
export function writeChunk({ descriptor, chunks }: SpillFile, numbers: Int32Array): number {
  const chunk = Atomics.add(chunks, 0, 1);
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, CHUNK);
  for (let at = 0; at < CHUNK; ) at += writeSync(descriptor, bytes, at, CHUNK - at, chunk * CHUNK + at);
  return chunk;
}

/** Reads a chunk. */
export function readChunk({ descriptor }: SpillFile, chunk: number, into: Int32Array): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, CHUNK);
  for (let at = 0; at < CHUNK; ) {
    const size = readSync(descriptor, bytes, at, CHUNK - at, chunk * CHUNK + at);
    if (size === 0) throw new Error(`chunk ${chunk} of the file for hashes cannot be read`);
    at += size;
  }
}
