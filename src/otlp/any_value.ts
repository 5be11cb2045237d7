import { DecodeError, reasonOf } from '../errors.js';
import { type JsonParts, readJson } from '../read_json.js';

/**
 * How the tape keeps an attribute's value: a text, and beside it one letter for its type. Scalars are their plain
 * text, bytes base64, arrays and maps JSON. Within JSON a double always has a point or an exponent, so that `1` is an
 * integer and `1.0` a double; what JSON cannot say is an object with one key that begins with `$`, and a map's own keys
 * that begin with `$` get one more: `{"$bytes":"AAE="}`, `{"$double":"NaN"}`.
 */
export const LETTERS = {
  stringValue: 's',
  boolValue: 'b',
  intValue: 'i',
  doubleValue: 'd',
  bytesValue: 'y',
  arrayValue: 'a',
  kvlistValue: 'm',
  none: '-',
} as const;

export type Letter = (typeof LETTERS)[keyof typeof LETTERS];

/** An attribute's value as OTLP/JSON writes it: 64-bit integers as strings, bytes as base64. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly bytesValue: string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Readonly<Record<string, never>>;

interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Shortest text that reads back as the same double. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A double within JSON: always told from an integer. */
export function doubleJson(value: number): string {
  if (!Number.isFinite(value) || Object.is(value, -0)) return `{"$double":"${doubleText(value)}"}`;
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

export function bytesJson(base64: string): string {
  return `{"$bytes":"${base64}"}`;
}

/** A key of a map within JSON. */
export function keyJson(key: string): string {
  return JSON.stringify(key.startsWith('$') ? `$${key}` : key);
}

/** The value that a tape keeps as this text and letter; `null` is the text of an absent value. */
export function anyValue(text: string | null, letter: string): AnyValue {
  if (letter === LETTERS.none) return {};
  if (text === null) throw new DecodeError(`a value of type "${letter}" without text`);
  switch (letter) {
    case LETTERS.stringValue:
      return { stringValue: text };
    case LETTERS.boolValue:
      return { boolValue: text === 'true' };
    case LETTERS.intValue:
      return { intValue: text };
    case LETTERS.doubleValue:
      return { doubleValue: Number(text) };
    case LETTERS.bytesValue:
      return { bytesValue: text };
    case LETTERS.arrayValue:
    case LETTERS.kvlistValue:
      return nestedValue(text);
    default:
      throw new DecodeError(`"${letter}" is not a letter of a value type; expected one of sbidyam-`);
  }
}

/** Levels of arrays and maps: more than a request can have. */
const MOST_LEVELS = 100;

/** Reads the JSON described above. */
function nestedValue(text: string): AnyValue {
  try {
    return readJson(text, PARTS, MOST_LEVELS);
  } catch (error) {
    throw new DecodeError(`attribute value ${text.slice(0, 80)}: ${reasonOf(error)}`);
  }
}

const PARTS: JsonParts<AnyValue> = {
  literal: (text) => {
    if (text === 'null') return {};
    if (text === 'true' || text === 'false') return { boolValue: text === 'true' };
    return /[.eE]/.test(text) ? { doubleValue: Number(text) } : { intValue: text };
  },
  string: (text) => ({ stringValue: text }),
  list: (values) => ({ arrayValue: { values } }),
  object: (fields) => {
    const [key, value] = fields[0] ?? [];
    if (value !== undefined && 'stringValue' in value) {
      if (key === '$bytes') return { bytesValue: value.stringValue };
      if (key === '$double') return { doubleValue: Number(value.stringValue) };
    }
    const values = fields.map(([key, value]) => ({ key: key.startsWith('$') ? key.slice(1) : key, value }));
    return { kvlistValue: { values } };
  },
};
