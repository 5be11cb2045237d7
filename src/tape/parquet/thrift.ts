import type { ByteBuffer } from './byte_buffer.js';

/*
 * Thrift's compact protocol, as far as Parquet's metadata needs it.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

const TRUE = 1;
const FALSE = 2;
const I8 = 3;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** A value of a field; a field whose value is undefined is left out. */
export type Thrift =
  | { readonly bool: boolean }
  | { readonly i8: number }
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly binary: Uint8Array | string }
  | { readonly list: readonly Thrift[] }
  | { readonly struct: Fields };

/** Fields of a struct by their numbers, in rising order. */
export type Fields = Readonly<Record<number, Thrift | undefined>>;

export const bool = (value: boolean): Thrift => ({ bool: value });
export const i8 = (value: number): Thrift => ({ i8: value });
export const i32 = (value: number): Thrift => ({ i32: value });
export const i64 = (value: number): Thrift => ({ i64: value });
export const binary = (value: Uint8Array | string): Thrift => ({ binary: value });
export const list = (values: readonly Thrift[]): Thrift => ({ list: values });
export const struct = (fields: Fields): Thrift => ({ struct: fields });

/** Appends a struct. */
export function writeStruct(to: ByteBuffer, fields: Fields): void {
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const id = Number(key);
    const type = 'bool' in value ? (value.bool ? TRUE : FALSE) : typeOf(value);
    to.byte(((id - last) << 4) | type);
    if (!('bool' in value)) writeValue(to, value);
    last = id;
  }
  to.byte(0);
}

function typeOf(value: Thrift): number {
  if ('i8' in value) return I8;
  if ('i32' in value) return I32;
  if ('i64' in value) return I64;
  if ('binary' in value) return BINARY;
  if ('list' in value) return LIST;
  return 'struct' in value ? STRUCT : TRUE;
}

function writeValue(to: ByteBuffer, value: Thrift): void {
  if ('i8' in value) to.byte(value.i8);
  else if ('i32' in value) to.zigzag(value.i32);
  else if ('i64' in value) to.zigzag(value.i64);
  else if ('binary' in value) writeBinary(to, value.binary);
  else if ('list' in value) writeList(to, value.list);
  else if ('struct' in value) writeStruct(to, value.struct);
}

function writeBinary(to: ByteBuffer, value: Uint8Array | string): void {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  to.varint(bytes.length);
  to.bytes(bytes);
}

function writeList(to: ByteBuffer, values: readonly Thrift[]): void {
  const type = values[0] === undefined ? STRUCT : typeOf(values[0]);
  if (values.length < 15) to.byte((values.length << 4) | type);
  else {
    to.byte(0xf0 | type);
    to.varint(values.length);
  }
  for (const value of values) writeValue(to, value);
}
