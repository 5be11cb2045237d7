import { LosslessNumber, parse } from 'lossless-json';
import { DecodeError, reasonOf } from '../errors.js';
import {
  type Enumeration,
  type Field,
  isPackable,
  type Message,
  type Scalar,
  tagsOf,
  unpackedTag,
} from './messages.js';
import { ProtobufWriter } from './protobuf_writer.js';

/** Levels of arrays and objects that JSON may nest: more than 100 nested messages ever take. */
const MAX_JSON_NESTING = 300;
/** How deep messages may nest, as in protobuf. */
const MAX_NESTING = 100;
/** Longer integers are refused before they are read, which would take seconds; 64 bits are 20 digits. */
const MAX_INTEGER_CHARACTERS = 400;
/** A number as JSON writes it. */
const NUMERAL = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * The protobuf bytes of a message given as the text of OTLP/JSON. Besides what OTLP demands, names of fields may be in
 * snake_case and enumerations may be named, as protobuf's own JSON allows. Throws DecodeError, which names the place
 * in the JSON, the value and what was expected.
 */
export function jsonTextToProtobuf(message: Message, text: string): Uint8Array {
  return jsonToProtobuf(message, parseJson(text));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of JSON, without a byte order mark. Throws DecodeError where it is not UTF-8, as JSON has to be. */
export function textOfJson(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new DecodeError('not UTF-8, as JSON has to be');
  }
}

/** JSON with numbers as LosslessNumber, since 64-bit integers may come as numbers. Throws DecodeError. */
export function parseJson(text: string): unknown {
  refuseDeepNesting(text);
  try {
    return parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue });
  } catch (error) {
    throw new DecodeError(`not JSON: ${reasonOf(error)}`);
  }
}

/** As `jsonTextToProtobuf`, for JSON that is parsed already. */
export function jsonToProtobuf(message: Message, json: unknown): Uint8Array {
  const writer = new ProtobufWriter();
  writeMessage(writer, message, json, { parent: undefined, key: '' }, 0);
  return writer.finish();
}

/** A place in the JSON, made into text only for an error. */
interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
}

function textOf({ parent, key }: Place): string {
  if (parent === undefined) return 'request';
  const before = parent.parent === undefined ? '' : textOf(parent);
  if (typeof key === 'number') return `${before}[${key}]`;
  return before === '' ? key : `${before}.${key}`;
}

function invalid(place: Place, value: unknown, expected: string): DecodeError {
  const shown = value instanceof LosslessNumber ? value.value : (JSON.stringify(value) ?? String(value));
  const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  return new DecodeError(`${textOf(place)}: ${short} is not ${expected}`);
}

function refuseDeepNesting(text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // a string: on to its closing quote
        for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth <= MAX_JSON_NESTING) break;
        throw new DecodeError(`JSON nested more than ${MAX_JSON_NESTING} deep at character ${i}`);
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      default:
    }
  }
}

interface TaggedField extends Field {
  readonly tag: number;
}

const byName = new WeakMap<Message, Map<string, TaggedField>>();

function fieldNamed(message: Message, name: string): TaggedField | undefined {
  let fields = byName.get(message);
  if (fields === undefined) {
    fields = new Map();
    const tags = tagsOf(message);
    for (const [camel, field] of Object.entries(message)) {
      const tagged = { ...field, tag: tags[camel] ?? unpackedTag(field) };
      fields.set(camel, tagged);
      fields.set(
        camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        tagged,
      );
    }
    byName.set(message, fields);
  }
  return fields.get(name);
}

function writeMessage(
  writer: ProtobufWriter,
  message: Message,
  json: unknown,
  place: Place,
  depth: number,
): void {
  if (depth > MAX_NESTING) {
    throw new DecodeError(`${textOf(place).slice(0, 80)}…: messages nested more than ${MAX_NESTING} deep`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || json instanceof LosslessNumber) {
    throw invalid(place, json, 'an object');
  }
  const oneofs = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    const field = fieldNamed(message, name);
    if (field === undefined || value === null) continue;
    const at = { parent: place, key: name };
    refuseSecondOfOneof(oneofs, field, name, at);
    writeField(writer, field, value, at, depth);
  }
}

function refuseSecondOfOneof(seen: Map<string, string>, { oneof }: Field, name: string, place: Place): void {
  if (oneof === undefined) return;
  const before = seen.get(oneof);
  if (before !== undefined)
    throw new DecodeError(`${textOf(place)}: only one of ${before} and ${name} may be set`);
  seen.set(oneof, name);
}

function writeField(
  writer: ProtobufWriter,
  field: TaggedField,
  json: unknown,
  place: Place,
  depth: number,
): void {
  const { tag, type, repeated } = field;
  if (!repeated) {
    writer.uint32(tag);
    writeValue(writer, type, json, place, depth);
  } else if (!Array.isArray(json)) {
    throw invalid(place, json, 'an array');
  } else if (isPackable(field)) {
    writer.uint32(tag);
    writer.delimited(() => {
      for (const [key, item] of json.entries()) writeValue(writer, type, item, { parent: place, key }, depth);
    });
  } else {
    for (const [key, item] of json.entries()) {
      writer.uint32(tag);
      writeValue(writer, type, item, { parent: place, key }, depth);
    }
  }
}

function writeValue(
  writer: ProtobufWriter,
  type: Field['type'],
  json: unknown,
  place: Place,
  depth: number,
): void {
  if (typeof type === 'function') {
    writer.delimited(() => writeMessage(writer, type(), json, place, depth + 1));
  } else if (typeof type === 'object') {
    writer.varint(enumerationOf(json, type, place));
  } else writeScalar(writer, type, json, place);
}

function writeScalar(writer: ProtobufWriter, type: Scalar, json: unknown, place: Place): void {
  switch (type) {
    case 'string':
      writer.bytes(Buffer.from(stringOf(json, place, 'a string')));
      break;
    case 'bytes':
      writer.bytes(base64Of(json, place));
      break;
    case 'id':
      writer.bytes(hexOf(json, place));
      break;
    case 'bool':
      if (typeof json !== 'boolean') throw invalid(place, json, 'true or false');
      writer.uint32(json ? 1 : 0);
      break;
    case 'double':
      writer.double(doubleOf(json, place));
      break;
    case 'fixed32':
      writer.fixed32(Number(integerOf(json, place, UINT32)));
      break;
    case 'fixed64':
      writer.fixed64(integerOf(json, place, UINT64));
      break;
    case 'sfixed64':
      writer.fixed64(integerOf(json, place, INT64));
      break;
    case 'sint32': {
      const value = integerOf(json, place, INT32);
      writer.varint(value < 0n ? -value * 2n - 1n : value * 2n);
      break;
    }
    case 'uint32':
      writer.varint(integerOf(json, place, UINT32));
      break;
    case 'uint64':
      writer.varint(integerOf(json, place, UINT64));
      break;
    case 'int64':
      writer.varint(integerOf(json, place, INT64));
      break;
  }
}

interface IntegerRange {
  readonly least: bigint;
  readonly most: bigint;
  readonly name: string;
}

const INT32: IntegerRange = { least: -(2n ** 31n), most: 2n ** 31n - 1n, name: 'a 32-bit integer' };
const UINT32: IntegerRange = { least: 0n, most: 2n ** 32n - 1n, name: 'an unsigned 32-bit integer' };
const INT64: IntegerRange = { least: -(2n ** 63n), most: 2n ** 63n - 1n, name: 'a 64-bit integer' };
const UINT64: IntegerRange = { least: 0n, most: 2n ** 64n - 1n, name: 'an unsigned 64-bit integer' };

/** Text of a number, given as a number or as a string. */
function numeralOf(json: unknown): string | undefined {
  if (typeof json === 'string') return json;
  if (json instanceof LosslessNumber) return json.value;
  return typeof json === 'number' ? String(json) : undefined;
}

function integerOf(json: unknown, place: Place, { least, most, name }: IntegerRange): bigint {
  const numeral = numeralOf(json);
  const value = numeral === undefined ? undefined : exactInteger(numeral);
  if (value === undefined || value < least || value > most) throw invalid(place, json, name);
  return value;
}

/** The integer that a JSON number is, also when written with a fraction of zeros or an exponent: 1.0, 1e3. */
function exactInteger(numeral: string): bigint | undefined {
  if (numeral.length > MAX_INTEGER_CHARACTERS) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/.exec(numeral) ?? [];
  if (sign === undefined) return undefined;
  const digits = whole + fraction;
  const zeros = Number(exponent) - fraction.length;
  const integer = zeros >= 0 ? digits + '0'.repeat(Math.min(zeros, 40)) : digits.slice(0, zeros);
  if (zeros < 0 && !/^0*$/.test(digits.slice(zeros))) return undefined;
  const value = BigInt(integer === '' ? '0' : integer);
  return sign === '-' ? -value : value;
}

function doubleOf(json: unknown, place: Place): number {
  const numeral = numeralOf(json);
  if (numeral === 'NaN' || numeral === 'Infinity' || numeral === '-Infinity') return Number(numeral);
  const value = numeral !== undefined && NUMERAL.test(numeral) ? Number(numeral) : Number.NaN;
  if (!Number.isFinite(value)) throw invalid(place, json, 'a double');
  return value;
}

function enumerationOf(json: unknown, { prefix, names }: Enumeration, place: Place): bigint {
  if (typeof json === 'string' && json.startsWith(prefix)) {
    const value = names.indexOf(json.slice(prefix.length));
    if (value >= 0) return BigInt(value);
  }
  return integerOf(json, place, { ...INT32, name: `a number or name of ${prefix}…` });
}

function stringOf(json: unknown, place: Place, expected: string): string {
  if (typeof json !== 'string') throw invalid(place, json, expected);
  return json;
}

function base64Of(json: unknown, place: Place): Uint8Array {
  const text = stringOf(json, place, 'base64');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw invalid(place, json, 'base64');
  return Buffer.from(text, 'base64');
}

function hexOf(json: unknown, place: Place): Uint8Array {
  const text = stringOf(json, place, 'hex');
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw invalid(place, json, 'hex of whole bytes');
  return Buffer.from(text, 'hex');
}
