import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
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
    if (error instanceof TooLargeError) throw error;
    throw new DecodeError(`the body is not ${encoding}: ${reasonOf(error)}`);
  }
  return Buffer.concat(chunks);
}

/**
 * The decompressed body. When it is given up, the request itself stays open for the answer, which neither reading it
 * directly nor `pipeline` would grant.
 */
function decompressed(request: IncomingMessage, encoding: ContentEncoding): Readable {
  const stream = { gzip: createGunzip, deflate: createInflate, identity: () => new PassThrough() }[encoding]();
  request.once('error', (error) => stream.destroy(error));
  return request.pipe(stream);
}

function tooLarge(maxBytes: number): TooLargeError {
  return new TooLargeError(`the request is larger than ${maxBytes} bytes, the most that is taken`);
}
