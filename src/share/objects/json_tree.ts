import { type JsonParts, readJson } from '../../read_json.js';
import { quoted } from '../quoted.js';

/**
 * JSON as it was written: numbers keep their digits, and objects the order of their fields and those that come twice.
 * Strings are strings, lists are arrays.
 */
export type Json = string | Literal | readonly Json[] | Fields;

/** A number, `true`, `false` or `null`, by its text. */
export class Literal {
  constructor(readonly text: string) {}
}

/** An object. */
export class Fields {
  constructor(readonly entries: readonly (readonly [key: string, value: Json])[]) {}

  /** The value under a key, the last where it comes twice, as JSON.parse has it. */
  get(key: string): Json | undefined {
    return this.entries.findLast(([one]) => one === key)?.[1];
  }

  /** The text under a key; undefined where there is none or it is something else. */
  text(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === 'string' ? value : undefined;
  }

  /** The same with another value under a key, which is the last where there was none. */
  with(key: string, value: Json): Fields {
    const isThere = this.entries.some(([one]) => one === key);
    const entries = this.entries.map(([one, old]) => [one, one === key ? value : old] as const);
    return new Fields(isThere ? entries : [...entries, [key, value]]);
  }
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

const MOST_LEVELS = 200;

const PARTS: JsonParts<Json> = {
  literal: (text) => new Literal(text),
  string: (text) => text,
  list: (items) => items,
  object: (fields) => new Fields(fields),
};

/** Reads JSON; throws a DecodeError that says where, and for more than 200 levels. */
export function parseJson(text: string): Json {
  return readJson(text, PARTS, MOST_LEVELS);
}

/** The JSON of text that is an object or a list; undefined for any other text. */
export function jsonWithin(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

export function jsonText(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Literal) return value.text;
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
  let text = '';
  for (const [key, one] of value.entries) text += `${text === '' ? '' : ','}${quoted(key)}:${jsonText(one)}`;
  return `{${text}}`;
}

/** What becomes of the parts of JSON. Values come with the key under which they, or their list, stand. */
export interface JsonChanges {
  readonly key: (key: string) => string;
  readonly string: (text: string, key: string) => string;
  readonly number: (text: string, key: string) => string;
}

/** JSON of the same form with its keys, strings and numbers changed. */
export function mapJson(value: Json, key: string, changes: JsonChanges): Json {
  if (typeof value === 'string') return changes.string(value, key);
  if (value instanceof Literal) {
    return /\d/.test(value.text) ? new Literal(changes.number(value.text, key)) : value;
  }
  if (isList(value)) return value.map((one) => mapJson(one, key, changes));
  return new Fields(value.entries.map(([at, one]) => [changes.key(at), mapJson(one, at, changes)]));
}
