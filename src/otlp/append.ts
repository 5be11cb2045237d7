import type {
  Float64Column,
  Int64Column,
  TimestampColumn,
  Uint64Column,
} from '../tape/columns/fixed_width.js';
import type { TextColumn } from '../tape/columns/text.js';
import type { Enumeration } from './messages.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Bounds of a text or bytes within a request, kept until the row is written: the last of a field given twice wins. */
export class ByteRange {
  start = 0;
  stop = 0;

  /** Takes the bounds of the length-delimited value of the reader's field. */
  take(reader: ProtobufReader): void {
    reader.range();
    this.start = reader.start;
    this.stop = reader.stop;
  }

  clear(): void {
    this.start = 0;
    this.stop = 0;
  }

  get isEmpty(): boolean {
    return this.start === this.stop;
  }
}

/** Halves of a 64-bit value, kept until the row is written. */
export class Halves {
  low = 0;
  high = 0;

  /** Takes the eight bytes of the reader's field. */
  take(reader: ProtobufReader): void {
    reader.fixed64();
    this.low = reader.low;
    this.high = reader.high;
  }

  clear(): void {
    this.low = 0;
    this.high = 0;
  }

  /** The value read as a signed integer, rounded to a double. */
  get number(): number {
    return this.high * 2 ** 32 + (this.low >>> 0);
  }

  get isZero(): boolean {
    return (this.low | this.high) === 0;
  }

  /** Whether it is a time that a tape can keep: sent at all (not 0) and before the year 2262. */
  get isUsableTime(): boolean {
    return this.high >= 0 && !this.isZero;
  }
}

/** A measurement that may be an integer, a double or absent, kept until the row is written. */
export class Measured {
  private kind: 'none' | 'integer' | 'double' = 'none';
  private readonly integer = new Halves();
  private double = 0;

  takeDouble(reader: ProtobufReader): void {
    this.kind = 'double';
    this.double = reader.double();
  }

  takeInteger(reader: ProtobufReader): void {
    this.kind = 'integer';
    this.integer.take(reader);
  }

  clear(): void {
    this.kind = 'none';
  }

  /** Appends it as a double, and exactly where it is an integer. */
  append(value: Float64Column, valueInt: Int64Column): void {
    if (this.kind === 'none') value.appendNull();
    else value.append(this.kind === 'integer' ? this.integer.number : this.double);
    if (this.kind === 'integer') valueInt.append(this.integer.low, this.integer.high);
    else valueInt.appendNull();
  }
}

/** Appends text from a request; counts it where it had to be mended. */
export function appendText(column: TextColumn, reader: ProtobufReader, { start, stop }: ByteRange): void {
  if (!column.appendUtf8(reader.bytes, start, stop)) reader.replacedTexts++;
}

/** As `appendText`, with NULL for the empty text. */
export function appendOptionalText(column: TextColumn, reader: ProtobufReader, range: ByteRange): void {
  if (range.isEmpty) column.appendNull();
  else appendText(column, reader, range);
}

const HEX = Buffer.from('0123456789abcdef');

/** Appends bytes as lower-case hex. */
export function appendHex(column: TextColumn, { bytes }: ProtobufReader, { start, stop }: ByteRange): void {
  column.appendWritten((stop - start) * 2, (data, at) => {
    for (let i = start; i < stop; i++) {
      const byte = bytes[i] ?? 0;
      data[at++] = HEX[byte >> 4] ?? 0;
      data[at++] = HEX[byte & 15] ?? 0;
    }
    return at;
  });
}

/** As `appendHex`, with NULL for no bytes. */
export function appendOptionalHex(column: TextColumn, reader: ProtobufReader, range: ByteRange): void {
  if (range.isEmpty) column.appendNull();
  else appendHex(column, reader, range);
}

/** Appends the name of an enumeration's value, or the number where it has no name. */
export function appendName(column: TextColumn, { names }: Enumeration, value: number): void {
  column.appendString(names[value] ?? String(value));
}

/** Appends a time that every row has: where none usable was sent, `received`, and `raw` keeps what was sent. */
export function appendTime(column: TimestampColumn, raw: Uint64Column, sent: Halves, received: bigint): void {
  if (sent.isUsableTime) {
    column.append(sent.low, sent.high);
    raw.appendNull();
  } else {
    column.appendBigint(received);
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
