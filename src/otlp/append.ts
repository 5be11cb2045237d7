import type { TimestampColumn, Uint64Column } from '../tape/columns/fixed_width.js';
import { NULL_TEXT, type TextColumn } from '../tape/columns/text.js';
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

/** Gives a row text that few rows have; those without it remain short, until the end of the request pads NULLs. */
export function putRareText(column: TextColumn, row: number, reader: ProtobufReader, range: ByteRange): void {
  if (range.isEmpty) return;
  column.padTo(row);
  appendText(column, reader, range);
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

/**
 * Fills a column with trace ids in lower-case hex. One that comes again at once, as those of a trace's spans do, is the
 * same text.
 */
export class TraceIdAppender {
  private readonly last = new Int32Array(4);
  private text = NULL_TEXT;
  private generation = -1;

  constructor(private readonly column: TextColumn) {}

  append(reader: ProtobufReader, { start, stop }: ByteRange): void {
    const { column } = this;
    const { bytes, view } = reader;
    if (stop - start !== 16) column.appendHex(bytes, start, stop);
    else if (this.generation === column.pool.generation && this.isLast(view, start))
      column.appendText(this.text);
    else {
      column.appendHex(bytes, start, stop);
      this.text = column.texts[column.length - 1] ?? NULL_TEXT;
      this.generation = column.pool.generation;
      for (let i = 0; i < 4; i++) this.last[i] = view.getInt32(start + i * 4, true);
    }
  }

  private isLast(view: DataView, start: number): boolean {
    for (let i = 0; i < 4; i++) if (this.last[i] !== view.getInt32(start + i * 4, true)) return false;
    return true;
  }
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
    keepRaw(raw, column.length - 1, sent);
  }
}

/**
 * Appends a time that may be absent, which 0 means. One beyond the range is kept by `raw`, which is left short else, as
 * `appendTime` leaves it.
 */
export function appendOptionalTime(column: TimestampColumn, raw: Uint64Column, sent: Halves): void {
  if (sent.isUsableTime) column.append(sent.low, sent.high);
  else column.appendNull();
  if (!sent.isUsableTime && !sent.isZero) keepRaw(raw, column.length - 1, sent);
}

/** Keeps for a row a time as it was sent. Few rows have one: those without it remain short, until NULLs are padded. */
export function keepRaw(raw: Uint64Column, row: number, { low, high }: Halves): void {
  raw.padTo(row);
  raw.append(low, high);
}

/** Appends a number below 2^53. */
export function appendCount(column: Uint64Column, value: number): void {
  column.append(value | 0, Math.floor(value / 2 ** 32));
}
