import { createGunzip, createInflate } from 'node:zlib';
import { decompress as zstdDecompress, isLoaded as zstdIsLoaded } from '@foxglove/wasm-zstd';
import { DecodeError, KtapeError, reasonOf } from '../../src/errors.js';
import { GatheredBytes } from './gathered_bytes.js';
import type { HeldBytes } from './held_bytes.js';

/** Compressions that are taken, by their name in Content-Encoding and grpc-encoding. */
export const ENCODINGS = ['gzip', 'zstd', 'deflate', 'identity'] as const;
export type ContentEncoding = (typeof ENCODINGS)[number];

/** The encoding of that name, where it is one that is taken. */
export function encodingNamed(name: string): ContentEncoding | undefined {
  return ENCODINGS.find((encoding) => encoding === name.trim().toLowerCase());
}

/** What zlib takes beside the bytes: its window, its tables and a chunk of output. */
const INFLATE_BYTES = 64 * 1024;

/**
 * Decompresses to at most `most` bytes and as far as `held` has memory for it: little that would grow beyond all bounds
 * is given up there. Throws TooLargeError, OverloadError, or DecodeError where the bytes are not of this encoding.
 */
export async function decompress(
  bytes: Buffer,
  encoding: ContentEncoding,
  held: HeldBytes,
  most: number,
): Promise<Buffer> {
  switch (encoding) {
    case 'identity':
      return bytes;
    case 'gzip':
    case 'deflate':
      held.take(INFLATE_BYTES);
      return inflate(bytes, encoding, new GatheredBytes(held, most));
    case 'zstd': {
      await zstdIsLoaded;
      const decompressed = unzstd(bytes, most);
      held.take(decompressed.length);
      return decompressed;
    }
  }
}

async function inflate(bytes: Buffer, encoding: 'gzip' | 'deflate', into: GatheredBytes): Promise<Buffer> {
  const stream = encoding === 'gzip' ? createGunzip() : createInflate();
  stream.end(bytes);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) into.add(chunk);
  } catch (error) {
    if (error instanceof KtapeError) throw error;
    throw new DecodeError(`the body is not ${encoding}: ${reasonOf(error)}`);
  }
  return into.bytes;
}

function unzstd(bytes: Buffer, most: number): Buffer {
  try {
    return zstdDecompress(bytes, most);
  } catch {
    // The library does not tell which.
    throw new DecodeError(`the body is not zstd, or larger than ${most} bytes when decompressed`);
  }
}
