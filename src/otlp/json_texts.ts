import { DecodeError } from '../errors.js';

/** One JSON object of a file. */
export interface JsonText {
  readonly bytes: Uint8Array;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

const [NEWLINE, QUOTE, BACKSLASH, OPEN, CLOSE] = [0x0a, 0x22, 0x5c, 0x7b, 0x7d];
const BLANKS = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]); // and the bytes of a byte order mark

/**
 * Splits JSON objects that follow one another, on one line each or spread over many. Only braces and strings are
 * looked at; parsing is for the caller. Throws DecodeError, which names the line, for what is no object, is longer than
 * `maxBytes` or does not end.
 */
export async function* jsonTexts(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<JsonText> {
  const splitter = new Splitter(maxBytes);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  splitter.end();
}

class Splitter {
  private parts: Uint8Array[] = [];
  private size = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private line = 1;
  private firstLine = 1;

  constructor(private readonly maxBytes: number) {}

  *push(chunk: Uint8Array): Generator<JsonText> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (byte === NEWLINE) this.line++;
      if (this.depth > 0) {
        this.inside(byte);
        if (this.depth === 0) yield this.take(chunk.subarray(start, i + 1));
      } else if (byte === OPEN) {
        this.depth = 1;
        this.firstLine = this.line;
        start = i;
      } else if (!BLANKS.has(byte)) {
        throw new DecodeError(`line ${this.line}: expected a JSON object; found ${shown(chunk, i)}`);
      }
    }
    if (this.depth > 0) this.keep(chunk.subarray(start));
  }

  end(): void {
    if (this.depth > 0) throw new DecodeError(`line ${this.firstLine}: a JSON object that does not end`);
  }

  /** Steps over a byte of an object. */
  private inside(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (this.inString) {
      if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inString = false;
    } else if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN) this.depth++;
    else if (byte === CLOSE) this.depth--;
  }

  private take(last: Uint8Array): JsonText {
    this.keep(last);
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    return { bytes, line: this.firstLine };
  }

  private keep(part: Uint8Array): void {
    this.size += part.length;
    if (this.size > this.maxBytes) {
      throw new DecodeError(
        `line ${this.firstLine}: a JSON object of more than ${this.maxBytes} bytes, the most that is read`,
      );
    }
    this.parts.push(part);
  }
}

function shown(chunk: Uint8Array, at: number): string {
  return JSON.stringify(Buffer.from(chunk.subarray(at, at + 20)).toString());
}
