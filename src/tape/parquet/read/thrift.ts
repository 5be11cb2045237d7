import type { Cursor } from './cursor.js';
import { Malformed } from './malformed.js';

/*
 * Thrift's compact protocol, as far as Parquet's metadata needs it.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

const TRUE = 1;
const FALSE = 2;
const I8 = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const STRUCT = 12;

/** Parquet's own metadata nests less than half as deep. */
const MOST_DEPTH = 16;

type Value = number | boolean | Uint8Array | Struct | readonly Value[];

/** The fields of a struct, by their numbers; one of another type than asked for is malformed. */
export class Struct {
  constructor(private readonly fields: ReadonlyMap<number, Value>) {}

  has(field: number): boolean {
    return this.fields.has(field);
  }

  /** An integer, which the field has to have. */
  integer(field: number): number {
    return this.optionalInteger(field) ?? missing(field, 'an integer');
  }

  optionalInteger(field: number): number | undefined {
    const value = this.fields.get(field);
    return value === undefined || typeof value === 'number' ? value : missing(field, 'an integer');
  }

  optionalBytes(field: number): Uint8Array | undefined {
    const value = this.fields.get(field);
    return value === undefined || value instanceof Uint8Array ? value : missing(field, 'bytes');
  }

  text(field: number): string {
    return textOf(this.fields.get(field), field);
  }

  struct(field: number): Struct {
    const value = this.fields.get(field);
    return value instanceof Struct ? value : missing(field, 'a struct');
  }

  structs(field: number): readonly Struct[] {
    return this.list(field).map((value) => (value instanceof Struct ? value : missing(field, 'structs')));
  }

  texts(field: number): readonly string[] {
    return this.list(field).map((value) => textOf(value, field));
  }

  private list(field: number): readonly Value[] {
    const value = this.fields.get(field);
    return isList(value) ? value : missing(field, 'a list');
  }
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function textOf(value: Value | undefined, field: number): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : missing(field, 'text');
}

function missing(field: number, expected: string): never {
  throw new Malformed(`metadata field ${field} is not ${expected}`);
}

/** Reads a struct; its byte strings lie in the bytes read. `after` is the last field of it that was read before. */
export function readStruct(from: Cursor, after = 0, depth = 0): Struct {
  if (depth > MOST_DEPTH) throw new Malformed(`metadata nested deeper than ${MOST_DEPTH}`);
  const fields = new Map<number, Value>();
  for (let id = after; ; ) {
    const head = from.byte();
    if (head === 0) return new Struct(fields);
    id = head >> 4 === 0 ? from.signed() : id + (head >> 4);
    const type = head & 15;
    fields.set(id, type === TRUE || type === FALSE ? type === TRUE : readValue(from, type, depth));
  }
}

function readValue(from: Cursor, type: number, depth: number): Value {
  switch (type) {
    case TRUE:
    case FALSE:
      return from.byte() === TRUE;
    case I8:
      return from.byte();
    case I16:
    case I32:
    case I64:
      return from.signed();
    case DOUBLE:
      return from.view.getFloat64(from.skip(8), true);
    case BINARY:
      return from.take(from.varint());
    case LIST:
    case SET:
      return readList(from, depth);
    case STRUCT:
      return readStruct(from, 0, depth + 1);
    default:
      throw new Malformed(`metadata of the unknown type ${type}`);
  }
}

function readList(from: Cursor, depth: number): Value[] {
  if (depth > MOST_DEPTH) throw new Malformed(`metadata nested deeper than ${MOST_DEPTH}`);
  const head = from.byte();
  const length = head >> 4 === 15 ? from.varint() : head >> 4;
  // Each item takes a byte or more.
  if (length > from.left) throw new Malformed(`a list of ${length} items in ${from.left} bytes`);
  const values: Value[] = [];
  for (let i = 0; i < length; i++) values.push(readValue(from, head & 15, depth + 1));
  return values;
}
