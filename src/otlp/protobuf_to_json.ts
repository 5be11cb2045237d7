import { LosslessNumber } from 'lossless-json';
import {
  elementWireType,
  type Field,
  isPackable,
  type Message,
  type Scalar,
  unpackedTag,
  Wire,
} from './messages.js';
import { ProtobufReader } from './protobuf_reader.js';

/**
 * OTLP/JSON of a message as plain values: 64-bit integers as strings, ids as hex, enumerations as numbers, doubles that
 * JSON lacks as "NaN", "Infinity" and "-Infinity". Write it with `stringify` of lossless-json, which keeps -0.
 */
export type Json = string | number | boolean | LosslessNumber | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** The OTLP/JSON of a message. Absent fields are left out; unknown ones are not kept. */
export function protobufToJson(message: Message, bytes: Uint8Array): JsonObject {
  return readFields(new ProtobufReader(bytes), message, {});
}

/** The OTLP/JSON of the message that is the value of the reader's field. */
export function readNested(reader: ProtobufReader, message: Message, into: JsonObject = {}): JsonObject {
  const outer = reader.enter();
  readFields(reader, message, into);
  reader.leave(outer);
  return into;
}

interface NamedField extends Field {
  readonly name: string;
}

const byNumber = new WeakMap<Message, Map<number, NamedField>>();

function fieldNumbered(message: Message, number: number): NamedField | undefined {
  let fields = byNumber.get(message);
  if (fields === undefined) {
    fields = new Map(Object.entries(message).map(([name, field]) => [field.number, { ...field, name }]));
    byNumber.set(message, fields);
  }
  return fields.get(number);
}

/** Reads the fields of the message that the reader is in. */
export function readFields(reader: ProtobufReader, message: Message, into: JsonObject): JsonObject {
  while (reader.nextField()) {
    const field = fieldNumbered(message, reader.tag >>> 3);
    if (field === undefined || !readField(reader, message, field, into)) reader.skip();
  }
  return into;
}

/** Reads one known field into its object; false where its wire type is not one of the field's. */
function readField(reader: ProtobufReader, message: Message, field: NamedField, into: JsonObject): boolean {
  const { name, repeated } = field;
  const unpacked = reader.tag === unpackedTag(field);
  const packed = isPackable(field) && (reader.tag & 7) === Wire.LENGTH;
  if (!unpacked && !packed) return false;
  if (!repeated) {
    clearOthers(message, field, into);
    into[name] = readValue(reader, field, into[name]);
    return true;
  }
  into[name] ??= [];
  const list = into[name] as Json[];
  if (unpacked) list.push(readValue(reader, field, undefined));
  else {
    const outer = reader.enter();
    while (reader.more()) list.push(readValue(reader, field, undefined));
    reader.leave(outer);
  }
  return true;
}

/** Setting a field of a oneof clears the others. */
function clearOthers(message: Message, { name, oneof }: NamedField, into: JsonObject): void {
  if (oneof === undefined) return;
  for (const [other, field] of Object.entries(message)) {
    if (field.oneof === oneof && other !== name) delete into[other];
  }
}

function readValue(reader: ProtobufReader, { type }: Field, before: Json | undefined): Json {
  reader.size.addEntry();
  if (typeof type === 'function') return readNested(reader, type(), (before ?? {}) as JsonObject);
  return typeof type === 'object' ? reader.int32() : readScalar(reader, type);
}

function readScalar(reader: ProtobufReader, type: Scalar): Json {
  switch (elementWireType(type)) {
    case Wire.LENGTH:
      reader.range();
      return textOf(reader, type);
    case Wire.FIXED64:
      if (type === 'double') return doubleOf(reader.double());
      reader.fixed64();
      return integerText(reader, type === 'sfixed64');
    default:
      break;
  }
  switch (type) {
    case 'fixed32':
      return reader.fixed32();
    case 'bool':
      return reader.bool();
    case 'uint32':
      return reader.uint32();
    case 'sint32':
      return reader.sint32();
    default:
      reader.varint();
      return integerText(reader, type === 'int64');
  }
}

function textOf(reader: ProtobufReader, type: Scalar): string {
  const { start, stop, bytes } = reader;
  if (type === 'string') return reader.text(start, stop);
  const value = Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start);
  return value.toString(type === 'id' ? 'hex' : 'base64');
}

function integerText({ low, high }: ProtobufReader, signed: boolean): string {
  return String((BigInt(signed ? high : high >>> 0) << 32n) | BigInt(low >>> 0));
}

function doubleOf(value: number): Json {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? new LosslessNumber('-0.0') : value;
}
