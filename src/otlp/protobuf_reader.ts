import { isUtf8 } from 'node:buffer';
import { DecodeError } from '../errors.js';
import { Wire } from './messages.js';
import { RequestSize } from './request_size.js';

/** How deep messages may nest: protobuf's own usual limit. */
const MAX_NESTING = 100;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads protobuf's wire format field by field. What a read yields lands in fields of the reader (`low` and `high`,
 * `start` and `stop`), so that no object or bigint is made for each value. Never reads beyond the message it is in.
 */
export class ProtobufReader {
  /** Tag of the field that `nextField` found: field number × 8 + wire type. */
  tag = 0;
  /** Halves of the 64-bit value read last, each as a signed 32-bit integer. */
  low = 0;
  high = 0;
  /** Bounds in `bytes` of the length-delimited value read last. */
  start = 0;
  stop = 0;
  /** Fields skipped so far: unknown ones, or known ones of another wire type. */
  skippedFields = 0;
  /** Texts read so far that were not valid UTF-8 and had parts replaced by U+FFFD. */
  replacedTexts = 0;
  /** Counts what the bytes hold, as far as they were read. */
  readonly size = new RequestSize();
  private position = 0;
  private end: number;
  private depth = 0;
  /** The same bytes. */
  readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.end = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next field of the message and sets `tag`; false at its end. */
  nextField(): boolean {
    if (this.position >= this.end) return false;
    const at = this.position;
    const first = this.bytes[at] ?? 0;
    if (first < 0x80) {
      this.position++;
      this.tag = first;
    } else {
      this.varint();
      if (this.high !== 0) throw this.error('a field number beyond 2^29', at);
      this.tag = this.low >>> 0;
    }
    if (this.tag < 8) throw this.error('field number 0', at);
    return true;
  }

  /** Enters the message that is the value of this field; give what it returns to `leave` at its end. */
  enter(): number {
    this.size.addEntry();
    this.range();
    if (++this.depth > MAX_NESTING)
      throw this.error(`messages nested more than ${MAX_NESTING} deep`, this.start);
    const outer = this.end;
    this.position = this.start;
    this.end = this.stop;
    return outer;
  }

  /** Leaves a message that was read to its end. */
  leave(outer: number): void {
    this.end = outer;
    this.depth--;
  }

  /** Where the reader is, to come back to by `rewind` while in the same message. */
  mark(): number {
    return this.position;
  }

  rewind(mark: number): void {
    this.position = mark;
  }

  /** Whether the message, or the packed numbers entered likewise, goes on. */
  more(): boolean {
    return this.position < this.end;
  }

  /** Reads a varint into `low` and `high`. Bits beyond 64 are dropped, as protobuf does. */
  varint(): void {
    const { bytes, position } = this;
    const first = bytes[position] ?? 0;
    if (first < 0x80 && position < this.end) {
      this.low = first;
      this.high = 0;
      this.position = position + 1;
      return;
    }
    this.longVarint();
  }

  /** Reads a varint as a 32-bit integer, signed; higher bits are dropped, as protobuf does. */
  int32(): number {
    this.varint();
    return this.low;
  }

  /** Reads a varint as a 32-bit integer, unsigned. */
  uint32(): number {
    return this.int32() >>> 0;
  }

  /** Reads a zigzag varint as a 32-bit integer. */
  sint32(): number {
    this.varint();
    return (this.low >>> 1) ^ -(this.low & 1);
  }

  bool(): boolean {
    this.varint();
    return (this.low | this.high) !== 0;
  }

  fixed32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** Reads eight bytes into `low` and `high`. */
  fixed64(): void {
    const at = this.advance(8);
    this.low = this.view.getInt32(at, true);
    this.high = this.view.getInt32(at + 4, true);
  }

  double(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** Reads the bounds of a length-delimited value into `start` and `stop`. */
  range(): void {
    const at = this.position;
    this.varint();
    const length = this.low >>> 0;
    if (this.high !== 0 || length > this.end - this.position) {
      throw this.error(`a length that runs past the end of its message, which is at ${this.end}`, at);
    }
    this.start = this.position;
    this.stop = this.position + length;
    this.position = this.stop;
  }

  /** The text between two offsets. */
  text(start: number, stop: number): string {
    const bytes = this.bytes.subarray(start, stop);
    if (!isUtf8(bytes)) this.replacedTexts++;
    return utf8.decode(bytes);
  }

  /** Skips the value of a field that is not known, or not known with this wire type. */
  skip(): void {
    this.skippedFields++;
    switch (this.tag & 7) {
      case Wire.VARINT:
        this.varint();
        break;
      case Wire.FIXED64:
        this.advance(8);
        break;
      case Wire.LENGTH:
        this.range();
        break;
      case Wire.START_GROUP:
        this.skipGroup();
        break;
      case Wire.FIXED32:
        this.advance(4);
        break;
      default:
        throw this.error(
          (this.tag & 7) === Wire.END_GROUP
            ? 'the end of a group that did not begin'
            : `wire type ${this.tag & 7}`,
        );
    }
  }

  private skipGroup(): void {
    const { tag } = this;
    if (++this.depth > MAX_NESTING) throw this.error(`groups nested more than ${MAX_NESTING} deep`);
    while (this.nextField()) {
      if (this.tag === tag + 1) {
        this.depth--;
        return;
      }
      this.skip();
    }
    throw this.error(`a group of field ${tag >>> 3} that does not end`);
  }

  /** Steps over so many bytes and returns the offset of the first. */
  private advance(bytes: number): number {
    const at = this.position;
    if (bytes > this.end - at)
      throw this.error(`a value cut short by the end of its message, at ${this.end}`);
    this.position = at + bytes;
    return at;
  }

  private longVarint(): void {
    const at = this.position;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (at + i >= this.end)
        throw this.error(`a varint cut short by the end of its message, at ${this.end}`, at);
      const byte = this.bytes[at + i] ?? 0;
      const bits = byte & 0x7f;
      if (i < 5) low |= bits << (7 * i);
      if (i === 4) high = bits >>> 4;
      if (i > 4) high |= bits << (7 * i - 32);
      if (byte < 0x80) {
        this.low = low;
        this.high = high;
        this.position = at + i + 1;
        return;
      }
    }
    throw this.error('a varint of more than 10 bytes', at);
  }

  private error(what: string, at = this.position): DecodeError {
    return new DecodeError(`at byte ${at}: ${what}`);
  }
}
