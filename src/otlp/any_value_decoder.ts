import type { Repetition } from '../tape/columns/repetition.js';
import type { TextColumn } from '../tape/columns/text.js';
import { bytesJson, doubleJson, doubleText, keyJson, LETTERS, type Letter } from './any_value.js';
import { AnyValue, ArrayValue, KeyValue, KeyValueList, tagsOf } from './messages.js';
import type { ProtobufReader } from './protobuf_reader.js';

const ANY = tagsOf(AnyValue);
const ARRAY = tagsOf(ArrayValue);
const LIST = tagsOf(KeyValueList);
const KEY_VALUE = tagsOf(KeyValue);

/** Decodes one AnyValue at a time into the letter of its type and its text. */
export class AnyValueDecoder {
  letter: Letter = LETTERS.none;
  private start = 0;
  private stop = 0;
  private low = 0;
  private high = 0;
  private double = 0;
  /** JSON of the elements of an array or the entries of a map, so far. */
  private parts: string[] = [];

  /** Begins a new value, which is absent until `merge` finds one. */
  begin(): void {
    this.letter = LETTERS.none;
  }

  /**
   * Reads the AnyValue that is the value of the reader's field. A second call merges, as protobuf demands for a field
   * that is given twice: another type replaces, arrays and maps of the same type go on.
   */
  merge(reader: ProtobufReader): void {
    const outer = reader.enter();
    while (reader.nextField()) this.field(reader);
    reader.leave(outer);
  }

  /** Reads the AnyValue between the offsets if it is one scalar field and nothing else; else false. */
  takeScalar(reader: ProtobufReader, start: number, stop: number): boolean {
    this.letter = LETTERS.none;
    if (start === stop) return false;
    reader.rewind(start);
    reader.nextField();
    if (reader.tag === ANY.arrayValue || reader.tag === ANY.kvlistValue) return false;
    this.field(reader);
    return reader.mark() === stop && this.letter !== LETTERS.none;
  }

  /**
   * Appends the text of the value, NULL where it is absent. `repetition` tells whether texts of its origin repeat; the
   * column judges by all of its texts where it is not given.
   */
  appendTo(column: TextColumn, reader: ProtobufReader, repetition?: Repetition): void {
    if (this.letter === LETTERS.stringValue) {
      if (!column.appendUtf8(reader.bytes, this.start, this.stop, repetition)) reader.replacedTexts++;
    } else if (this.letter === LETTERS.none) {
      column.appendNull();
    } else if (this.letter === LETTERS.intValue && this.high === 0 && this.low >= 0) {
      appendDigits(column, this.low, repetition);
    } else {
      column.appendString(this.text(reader));
    }
  }

  /** The value as a 32-bit integer, from an integer, a double that is one, or decimal text; else undefined. */
  int32(reader: ProtobufReader): number | undefined {
    switch (this.letter) {
      case LETTERS.intValue:
        return this.high === this.low >> 31 ? this.low : undefined;
      case LETTERS.doubleValue:
        return (this.double | 0) === this.double ? this.double | 0 : undefined;
      case LETTERS.stringValue:
        return decimal(reader.bytes, this.start, this.stop);
      default:
        return undefined;
    }
  }

  private field(reader: ProtobufReader): void {
    switch (reader.tag) {
      case ANY.stringValue:
        reader.range();
        this.bounds(LETTERS.stringValue, reader);
        break;
      case ANY.intValue:
        reader.varint();
        this.halves(LETTERS.intValue, reader);
        break;
      case ANY.boolValue:
        reader.varint();
        this.halves(LETTERS.boolValue, reader);
        break;
      case ANY.doubleValue:
        this.double = reader.double();
        this.letter = LETTERS.doubleValue;
        break;
      case ANY.bytesValue:
        reader.range();
        this.bounds(LETTERS.bytesValue, reader);
        break;
      case ANY.arrayValue:
        this.nested(LETTERS.arrayValue, reader, ARRAY.values, element);
        break;
      case ANY.kvlistValue:
        this.nested(LETTERS.kvlistValue, reader, LIST.values, entry);
        break;
      default:
        reader.skip();
    }
  }

  private bounds(letter: Letter, reader: ProtobufReader): void {
    this.letter = letter;
    this.start = reader.start;
    this.stop = reader.stop;
  }

  private halves(letter: Letter, reader: ProtobufReader): void {
    this.letter = letter;
    this.low = reader.low;
    this.high = reader.high;
  }

  private nested(
    letter: Letter,
    reader: ProtobufReader,
    valuesTag: number,
    json: (reader: ProtobufReader) => string,
  ): void {
    if (this.letter !== letter) this.parts = [];
    this.letter = letter;
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === valuesTag) this.parts.push(json(reader));
      else reader.skip();
    }
    reader.leave(outer);
  }

  private text(reader: ProtobufReader): string {
    switch (this.letter) {
      case LETTERS.boolValue:
        return (this.low | this.high) !== 0 ? 'true' : 'false';
      case LETTERS.intValue:
        return int64Text(this.low, this.high);
      case LETTERS.doubleValue:
        return doubleText(this.double);
      case LETTERS.bytesValue:
        return base64(reader.bytes, this.start, this.stop);
      default:
        return this.json(reader);
    }
  }

  /** The value as it stands within an array or a map. */
  json(reader: ProtobufReader): string {
    switch (this.letter) {
      case LETTERS.stringValue:
        return JSON.stringify(reader.text(this.start, this.stop));
      case LETTERS.doubleValue:
        return doubleJson(this.double);
      case LETTERS.bytesValue:
        return bytesJson(base64(reader.bytes, this.start, this.stop));
      case LETTERS.arrayValue:
        return `[${this.parts.join(',')}]`;
      case LETTERS.kvlistValue:
        return `{${this.parts.join(',')}}`;
      case LETTERS.none:
        return 'null';
      default:
        return this.text(reader);
    }
  }
}

/** JSON of an element of an array. */
function element(reader: ProtobufReader): string {
  const value = new AnyValueDecoder();
  value.merge(reader);
  return value.json(reader);
}

/** JSON of an entry of a map. */
function entry(reader: ProtobufReader): string {
  const value = new AnyValueDecoder();
  let start = 0;
  let stop = 0;
  const outer = reader.enter();
  while (reader.nextField()) {
    if (reader.tag === KEY_VALUE.key) {
      reader.range();
      ({ start, stop } = reader);
    } else if (reader.tag === KEY_VALUE.value) value.merge(reader);
    else reader.skip();
  }
  reader.leave(outer);
  return `${keyJson(reader.text(start, stop))}:${value.json(reader)}`;
}

const digits = new Uint8Array(10);

/** Appends a number from 0 to 2^31-1 in decimal, without making a string: most integers are ports, codes and sizes. */
function appendDigits(column: TextColumn, value: number, repetition?: Repetition): void {
  let at = digits.length;
  let rest = value;
  do {
    const next = (rest / 10) | 0;
    digits[--at] = 0x30 + rest - next * 10;
    rest = next;
  } while (rest > 0);
  column.appendBytes(digits, at, digits.length, repetition);
}

/** Decimal text of a signed 64-bit integer given in halves. */
function int64Text(low: number, high: number): string {
  if (high === low >> 31) return String(low);
  return String((BigInt(high) << 32n) | BigInt(low >>> 0));
}

function base64(bytes: Uint8Array, start: number, stop: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start).toString('base64');
}

/** The 32-bit integer that these bytes spell in plain decimal digits. */
function decimal(bytes: Uint8Array, start: number, stop: number): number | undefined {
  if (stop === start || stop - start > 10) return undefined;
  let value = 0;
  for (let i = start; i < stop; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return (value | 0) === value ? value : undefined;
}
