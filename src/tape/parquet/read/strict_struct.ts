import type { Cursor } from './cursor.js';
import { Malformed } from './malformed.js';

/*
 * Structs of Thrift's compact protocol of which every field is known.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

const TRUE = 1;
const FALSE = 2;
const LIST = 9;
const STRUCT = 12;

/** Types of fields by their numbers in the protocol; a boolean's is either of two. */
export const BOOL = 1;
export const I32 = 5;
export const I64 = 6;
export const BINARY = 8;

/** What a field may be; `oneOf` is an enumeration's numbers, which are of 32 bits. */
type Kind =
  | typeof BOOL
  | typeof I32
  | typeof I64
  | typeof BINARY
  | { readonly oneOf: readonly number[] }
  | { readonly listOf: Kind }
  | Shape;

type Value = number | Uint8Array | Fields | readonly Value[];

/** The fields that a struct has to have, and those that it may have, by their numbers. */
export class Shape {
  readonly kinds: readonly (Kind | undefined)[];
  readonly required: readonly number[];

  constructor(must: Readonly<Record<number, Kind>>, may: Readonly<Record<number, Kind>> = {}) {
    const kinds: (Kind | undefined)[] = [];
    for (const [id, kind] of [...Object.entries(must), ...Object.entries(may)]) kinds[Number(id)] = kind;
    this.kinds = kinds;
    this.required = Object.keys(must).map(Number);
  }
}

/** The values of a struct's fields. */
export class Fields {
  constructor(private readonly values: readonly (Value | undefined)[]) {}

  /** A number that the struct's shape requires. */
  number(field: number): number {
    return this.optionalNumber(field) ?? wrong(field);
  }

  optionalNumber(field: number): number | undefined {
    const value = this.values[field];
    return value === undefined || typeof value === 'number' ? value : wrong(field);
  }

  optionalBytes(field: number): Uint8Array | undefined {
    const value = this.values[field];
    return value === undefined || value instanceof Uint8Array ? value : wrong(field);
  }

  optionalStruct(field: number): Fields | undefined {
    const value = this.values[field];
    return value === undefined || value instanceof Fields ? value : wrong(field);
  }

  struct(field: number): Fields {
    return this.optionalStruct(field) ?? wrong(field);
  }

  list(field: number): readonly Value[] {
    const value = this.values[field];
    return isList(value) ? value : wrong(field);
  }

  structs(field: number): readonly Fields[] {
    return this.list(field).map((value) => (value instanceof Fields ? value : wrong(field)));
  }
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function wrong(field: number): never {
  throw new Malformed(`metadata field ${field} is not as expected`);
}

/**
 * Reads a struct whose fields are in rising order and none but those of its shape, each of the type that it has there,
 * so that no two readers can understand it differently. `after` is the last field of it that was read before.
 */
export function readStrict(from: Cursor, { kinds, required }: Shape, after = 0): Fields {
  const values: (Value | undefined)[] = [];
  for (let id = after; ; ) {
    const head = from.byte();
    if (head === 0) break;
    const step = head >> 4;
    id += step;
    const kind = step === 0 ? undefined : kinds[id];
    if (kind === undefined) throw new Malformed(`metadata field ${id} is unknown or out of order`);
    values[id] = readField(from, kind, head & 15);
  }
  for (const id of required) if (values[id] === undefined) wrong(id);
  return new Fields(values);
}

function readField(from: Cursor, kind: Kind, type: number): Value {
  if (kind === BOOL && (type === TRUE || type === FALSE)) return type === TRUE ? 1 : 0;
  return readValue(from, kind, type);
}

function readValue(from: Cursor, kind: Kind, type: number): Value {
  if (kind === BOOL) throw unexpected(type);
  checkType(kind, type);
  if (kind instanceof Shape) return readStrict(from, kind);
  if (kind === BINARY) return from.take(from.varint());
  if (typeof kind === 'number') return from.signed();
  if ('listOf' in kind) return readList(from, kind.listOf);
  const value = from.signed();
  if (!kind.oneOf.includes(value)) throw new Malformed(`metadata with the unknown number ${value}`);
  return value;
}

function checkType(kind: Kind, type: number): void {
  if (type !== typeOf(kind)) throw unexpected(type);
}

function unexpected(type: number): Malformed {
  return new Malformed(`metadata of the unexpected type ${type}`);
}

function typeOf(kind: Kind): number {
  if (typeof kind === 'number') return kind;
  if (kind instanceof Shape) return STRUCT;
  return 'listOf' in kind ? LIST : I32;
}

function readList(from: Cursor, kind: Kind): readonly Value[] {
  const head = from.byte();
  const length = head >> 4 === 15 ? from.varint() : head >> 4;
  // Each item takes a byte or more.
  if (length > from.left) throw new Malformed(`a list of ${length} items in ${from.left} bytes`);
  checkType(kind, head & 15);
  const values: Value[] = [];
  for (let i = 0; i < length; i++) values.push(readValue(from, kind, head & 15));
  return values;
}
