import type { TimestampColumn, Uint64Column } from '../tape/columns/fixed_width.js';
import type { TextColumn } from '../tape/columns/text.js';
import type { Enumeration } from './messages.js';
import type { ByteRange, Halves } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Appends text from a request; counts it where it had to be mended. */
export function appendText(column: TextColumn, reader: ProtobufReader, { start, stop }: ByteRange): void {
  if (!column.appendUtf8(reader.bytes, start, stop)) reader.replacedTexts++;
}

/** As `appendText`, with NULL for the empty text. */
export function appendOptionalText(column: TextColumn, reader: ProtobufReader, range: ByteRange): void {
  if (range.isEmpty) column.appendNull();
  else appendText(column, reader, range);
}

/** Appends bytes as lower-case hex. */
export function appendHex(column: TextColumn, { bytes }: ProtobufReader, { start, stop }: ByteRange): void {
  column.appendHex(bytes, start, stop);
}

/** As `appendHex`, with NULL for no bytes. */
export function appendOptionalHex(column: TextColumn, reader: ProtobufReader, range: ByteRange): void {
  if (range.isEmpty) column.appendNull();
  else appendHex(column, reader, range);
}

/** Fills a column with the names of an enumeration's values, or the number where it has no name. */
export class NameAppender {
  /** Numbers of the names in the pool. */
  private texts: number[] = [];
  private generation = -1;

  constructor(
    private readonly column: TextColumn,
    private readonly enumeration: Enumeration,
  ) {}

  append(value: number): void {
    const { column } = this;
    if (this.generation !== column.pool.generation) this.look();
    const text = this.texts[value];
    if (text === undefined) column.appendString(String(value));
    else column.appendText(text);
  }

  private look(): void {
    const { pool } = this.column;
    this.texts = this.enumeration.names.map((name) => pool.internString(name));
    this.generation = pool.generation;
  }
}

/**
 * Appends a time that every row has: where none usable was sent, `received`, and `raw` keeps what was sent. Else `raw`
 * is left short: the end of the request pads it with NULLs.
 */
export function appendTime(column: TimestampColumn, raw: Uint64Column, sent: Halves, received: bigint): void {
  if (sent.isUsableTime) {
    column.append(sent.low, sent.high);
  } else {
    column.appendBigint(received);
    raw.padTo(column.length - 1);
    raw.append(sent.low, sent.high);
  }
}

/** Appends a time that may be absent, which 0 means; `raw` keeps one that is beyond the range. */
export function appendOptionalTime(column: TimestampColumn, raw: Uint64Column, sent: Halves): void {
  if (sent.isUsableTime) column.append(sent.low, sent.high);
  else column.appendNull();
  if (sent.isUsableTime || sent.isZero) raw.appendNull();
  else raw.append(sent.low, sent.high);
}

/** Appends a number below 2^53. */
export function appendCount(column: Uint64Column, value: number): void {
  column.append(value | 0, Math.floor(value / 2 ** 32));
}
