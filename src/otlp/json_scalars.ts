import { LosslessNumber } from 'lossless-json';
import { invalid, type Place } from './json_place.js';
import type { Enumeration, Scalar } from './messages.js';
import type { ProtobufWriter } from './protobuf_writer.js';

/** Longer integers are refused before they are read, which would take seconds; 64 bits are 20 digits. */
const MAX_INTEGER_CHARACTERS = 400;
/** A number as JSON writes it. */
const NUMERAL = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Writes the value of a scalar field; throws a DecodeError where it is none of that type. */
export function writeScalar(writer: ProtobufWriter, type: Scalar, json: unknown, place: Place): void {
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

/** The number of an enumeration's value, given as a number or by its name. */
export function enumerationOf(json: unknown, { prefix, names }: Enumeration, place: Place): bigint {
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
