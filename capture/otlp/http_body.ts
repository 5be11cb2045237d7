import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { DecodeError, KtapeError, reasonOf } from '../../src/errors.js';
import { OverloadError } from './accept.js';

/** A body that is larger, as sent or decompressed, than is taken. */
export class TooLargeError extends KtapeError {
  override readonly name = 'TooLargeError';
}

/** Compressions that are taken, by their name in Content-Encoding. */
export const ENCODINGS = ['gzip', 'deflate', 'identity'] as const;
export type ContentEncoding = (typeof ENCODINGS)[number];

/** Memory that the bodies of all requests together may take. */
export class ByteBudget {
  private held = 0;

  constructor(private readonly most: number) {}

  take(bytes: number): void {
    if (this.held + bytes > this.most) throw new OverloadError('too many requests at a time');
    this.held += bytes;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** Memory that one request takes of the budget, at most `most` bytes. */
export class HeldBytes {
  private bytes = 0;

  constructor(
    private readonly budget: ByteBudget,
    private readonly most: number,
  ) {}

  /** Takes more; throws TooLargeError beyond the request's own limit, OverloadError beyond that of all. */
  take(bytes: number): void {
    if (this.bytes + bytes > this.most) {
      throw new TooLargeError(`the request is larger than ${this.most} bytes, the most that is taken`);
    }
    this.budget.take(bytes);
    this.bytes += bytes;
  }

  release(): void {
    this.budget.give(this.bytes);
    this.bytes = 0;
  }
}

/**
 * Reads a body, decompressed, as far as `held` grants memory for it: a small one that would grow beyond all bounds is
 * given up there. Throws what `held` throws, or DecodeError where the body cannot be decompressed.
 */
export async function readBody(
  request: IncomingMessage,
  encoding: ContentEncoding,
  held: HeldBytes,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of decompressed(request, encoding) as AsyncIterable<Buffer>) {
      held.take(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof KtapeError) throw error;
    throw new DecodeError(`the body is not ${encoding}: ${reasonOf(error)}`);
  }
  return Buffer.concat(chunks);
}

/**
 * The decompressed body. When it is given up, the request itself stays open for the answer, which neither reading it
 * directly nor `pipeline` would grant.
 */
function decompressed(request: IncomingMessage, encoding: ContentEncoding): Readable {
  const stream = { gzip: createGunzip, deflate: createInflate, identity: () => new PassThrough() }[
    encoding
  ]();
  request.once('error', (error) => stream.destroy(error));
  return request.pipe(stream);
}
