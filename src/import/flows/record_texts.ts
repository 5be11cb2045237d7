/** One JSON object of a file, or what stands there instead. */
export type RecordText = { readonly line: number } & (
  | { readonly text: string }
  | { readonly problem: string }
);

/** A record with more objects and lists inside one another than any tool writes. */
const MAX_DEPTH = 100;

const [NEWLINE, QUOTE, BACKSLASH, OPEN, CLOSE] = [0x0a, 0x22, 0x5c, 0x7b, 0x7d];
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d];
/** What may stand between records: blanks, a byte order mark, and what makes a JSON array of them. */
const BETWEEN = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf, 0x2c, OPEN_LIST, CLOSE_LIST]);

/**
 * Splits a file into its JSON objects: one a line, spread over lines, or in an array. What is no object is told, and
 * reading goes on at the next line; an object that is cut short ends where another begins a line. Holds one record at
 * a time, of at most `maxBytes`.
 */
export async function* recordTexts(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<RecordText> {
  const splitter = new Splitter(maxBytes);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.end();
}

class Splitter {
  private parts: Uint8Array[] = [];
  private size = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private skipping = false;
  private lineStarts = true;
  private line = 1;
  private firstLine = 1;

  constructor(private readonly maxBytes: number) {}

  *push(chunk: Uint8Array): Generator<RecordText> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (byte === NEWLINE) {
        if (this.inString) yield this.giveUp('a string that does not end on its line');
        this.skipping = false;
        this.line++;
      } else if (this.depth === 0) {
        if (this.skipping) continue;
        if (byte === OPEN) start = this.begin(i);
        else if (!BETWEEN.has(byte)) yield this.giveUp(`expected a JSON object; found ${shown(chunk, i)}`);
      } else if (byte === OPEN && this.lineStarts) {
        yield this.giveUp('a JSON object that does not end before the next begins');
        start = this.begin(i);
      } else {
        this.step(byte);
        if (this.depth === 0) yield this.take(chunk.subarray(start, i + 1));
        else if (this.depth > MAX_DEPTH) yield this.giveUp(`JSON of more than ${MAX_DEPTH} levels`);
      }
      this.lineStarts = byte === NEWLINE;
    }
    if (this.depth === 0) return;
    this.keep(chunk.subarray(start));
    if (this.size > this.maxBytes) yield this.giveUp(this.tooLong());
  }

  *end(): Generator<RecordText> {
    if (this.depth > 0) yield this.giveUp('a JSON object that does not end');
  }

  private begin(at: number): number {
    this.skipping = false;
    this.depth = 1;
    this.firstLine = this.line;
    return at;
  }

  /** Steps over a byte of an object. */
  private step(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (this.inString) {
      if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inString = false;
    } else if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN || byte === OPEN_LIST) this.depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) this.depth--;
  }

  private keep(part: Uint8Array): void {
    this.size += part.length;
    this.parts.push(part);
  }

  private take(last: Uint8Array): RecordText {
    this.keep(last);
    const text = Buffer.concat(this.parts).toString();
    const tooLong = this.size > this.maxBytes;
    this.forget();
    return { line: this.firstLine, ...(tooLong ? { problem: this.tooLong() } : { text }) };
  }

  /** Tells what is wrong with what began last and passes over the rest of the line. */
  private giveUp(problem: string): RecordText {
    const line = this.depth > 0 ? this.firstLine : this.line;
    this.forget();
    this.skipping = true;
    return { line, problem };
  }

  private forget(): void {
    this.parts = [];
    this.size = 0;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
  }

  private tooLong(): string {
    return `a record of more than ${this.maxBytes} bytes, the most that is read`;
  }
}

function shown(chunk: Uint8Array, at: number): string {
  const [line = ''] = Buffer.from(chunk.subarray(at, at + 40))
    .toString()
    .split('\n');
  return JSON.stringify(line);
}
