import type { Float64Column, Int64Column } from '../tape/columns/fixed_width.js';
import type { ProtobufReader } from './protobuf_reader.js';

// Values of a message that wait for its end to become a row: of a field that is given twice, the last one counts.

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

  get size(): number {
    return this.stop - this.start;
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

/** What the events and links of a span have of it. */
export interface SpanIdentity {
  readonly rowId: number;
  readonly traceId: ByteRange;
  readonly spanId: ByteRange;
  readonly start: Halves;
}

/** Bytes of a span's ids as the rows of its events and links have them, in hex. */
export function idBytes({ traceId, spanId }: SpanIdentity): number {
  return 2 * (traceId.size + spanId.size);
}
