import type { Readable } from 'node:stream';
import type { HeldBytes } from './held_bytes.js';
import { BrokenOffError, TooLargeError } from './refusals.js';

/** Bytes that come piece by piece, as many as are taken of one request and as there is memory for. */
export class GatheredBytes {
  // One buffer that grows: pieces may be of one byte, and an object for each would be many times the bytes.
  private buffer = Buffer.alloc(0);
  private length = 0;

  constructor(
    private readonly held: HeldBytes,
    private readonly most: number,
  ) {}

  /** Throws TooLargeError or OverloadError, and then has forgotten what it had. */
  add(piece: Buffer): void {
    const length = this.length + piece.length;
    try {
      if (length > this.most) {
        throw new TooLargeError(`the request is larger than ${this.most} bytes, the most that is taken`);
      }
      if (length > this.buffer.length) this.grow(length);
    } catch (error) {
      this.buffer = Buffer.alloc(0);
      throw error;
    }
    piece.copy(this.buffer, this.length);
    this.length = length;
  }

  /** All of it. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private grow(length: number): void {
    const size = Math.min(this.most, Math.max(length, 2 * this.buffer.length));
    this.held.take(size - this.buffer.length);
    const larger = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/**
 * Everything that a client sends. Throws what `into` throws, after which the rest passes unread; throws
 * BrokenOffError where the stream closes before its end.
 */
export function receive(stream: Readable, into: GatheredBytes): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gather = (chunk: Buffer) => {
      try {
        into.add(chunk);
      } catch (error) {
        stream.off('data', gather);
        reject(error);
      }
    };
    stream.on('data', gather);
    stream.once('end', () => resolve(into.bytes));
    // Of HTTP/2 comes 'aborted', then 'end'; of HTTP/1 only 'close'.
    stream.once('aborted', () => reject(new BrokenOffError()));
    stream.once('close', () => reject(new BrokenOffError()));
  });
}
