import { createGunzip, createInflate } from 'node:zlib';
import { decompress as zstdDecompress, isLoaded as zstdIsLoaded } from '@foxglove/wasm-zstd';
import { DecodeError, KtapeError, reasonOf } from '../../src/errors.js';
import { GatheredBytes } from './gathered_bytes.js';
import type { HeldBytes } from './held_bytes.js';
import { TooLargeError } from './refusals.js';

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
  if (declaredSize(bytes) > most)
    throw new TooLargeError(`the request is larger than ${most} bytes, the most that is taken`);
  try {
    return zstdDecompress(bytes, most);
  } catch {
    // The library does not tell which.
    throw new DecodeError(`the body is not zstd, or larger than ${most} bytes when decompressed`);
  }
}

/** What a ZSTD frame begins with, and how long its header is at most. */
const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_HEADER = 18;

/**
 * How many bytes a ZSTD frame says that it holds; 0 where it does not say, or is none.
 * Source: RFC 8878, 3.1.1.1 Frame_Header.
 */
function declaredSize(bytes: Buffer): number {
  if (bytes.length < ZSTD_HEADER || bytes.readUInt32LE(0) !== ZSTD_MAGIC) return 0;
  const descriptor = bytes.readUInt8(4);
  const singleSegment = (descriptor >> 5) & 1;
  const at = 5 + (1 - singleSegment) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >> 6) {
    case 0:
      return singleSegment === 1 ? bytes.readUInt8(at) : 0;
    case 1:
      return bytes.readUInt16LE(at) + 256;
    case 2:
      return bytes.readUInt32LE(at);
    default:
      return Number(bytes.readBigUInt64LE(at));
  }
}
