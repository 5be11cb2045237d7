import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { DecodeError, KtapeError, reasonOf } from '../../src/errors.js';

/** A body that is larger, as sent or decompressed, than is taken. */
export class TooLargeError extends KtapeError {
  override readonly name = 'TooLargeError';
}

/** Compressions that are taken, by their name in Content-Encoding. */
export const ENCODINGS = ['gzip', 'deflate', 'identity'] as const;
export type ContentEncoding = (typeof ENCODINGS)[number];

/**
 * Reads a body of at most `maxBytes`, as sent and when decompressed; it stops there, so a small body that would grow
 * beyond all bounds costs no more memory than that. Throws TooLargeError, or DecodeError where it cannot be decompressed.
 */
export async function readBody(
  request: IncomingMessage,
  encoding: ContentEncoding,
  maxBytes: number,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decompressed(request, encoding) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof KtapeError || request.destroyed) throw error;
    throw new DecodeError(`the body is not ${encoding}: ${reasonOf(error)}`);
  }
  return Buffer.concat(chunks);
}

function decompressed(request: IncomingMessage, encoding: ContentEncoding): Readable {
  if (encoding === 'identity') return request;
  const stream = encoding === 'gzip' ? createGunzip() : createInflate();
  // The stream hands its error to whoever reads it.
  return pipeline(request, stream, () => undefined);
}

function tooLarge(maxBytes: number): TooLargeError {
  return new TooLargeError(`the request is larger than ${maxBytes} bytes, the most that is taken`);
}
