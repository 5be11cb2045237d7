import { isLosslessNumber } from 'lossless-json';
import { DecodeError } from '../../errors.js';
import { isJsonObject } from '../../kubernetes/json.js';

/** A value as OTLP/JSON writes it. */
export type Value = Readonly<Record<string, unknown>>;

/** The attributes that tags are; of a key that comes twice the last one counts, as for Jaeger's own translators. */
export type Tags = Map<string, Value>;

/** Reads Jaeger's list of tags, or of the fields of a log. Throws a DecodeError that names the tag. */
export function tagsOf(list: unknown): Tags {
  const tags: Tags = new Map();
  for (const tag of listOf(list)) {
    if (!isJsonObject(tag) || typeof tag.key !== 'string')
      throw new DecodeError(`a tag is ${shown(tag)}; expected an object with a key`);
    tags.set(tag.key, valueOfTag(tag.key, tag.type, tag.value));
  }
  return tags;
}

/** Takes a tag out whose value is text; undefined where there is none. */
export function takeText(tags: Tags, key: string): string | undefined {
  const text = textOf(tags, key);
  if (text !== undefined) tags.delete(key);
  return text;
}

/** The value of a tag that is text. */
export function textOf(tags: Tags, key: string): string | undefined {
  const value = tags.get(key)?.stringValue;
  return typeof value === 'string' ? value : undefined;
}

/** Tags as OTLP/JSON's list of attributes. */
export function attributesOf(tags: Tags): { readonly key: string; readonly value: Value }[] {
  return [...tags].map(([key, value]) => ({ key, value }));
}

/** The items of a list that may be missing. */
export function listOf(list: unknown): readonly unknown[] {
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return list;
  throw new DecodeError(`found ${shown(list)}; expected a list`);
}

/** The digits of a whole number, given as a number or, where JavaScript's would cut it, as a string. */
export function integerText(value: unknown): string | undefined {
  const text = isLosslessNumber(value) ? value.value : value;
  return typeof text === 'string' && /^-?\d{1,20}$/.test(text) ? text : undefined;
}

/** The beginning of a value, for messages. */
export function shown(value: unknown): string {
  if (isLosslessNumber(value)) return value.value;
  return value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 60) ?? String(value));
}

function valueOfTag(key: string, type: unknown, value: unknown): Value {
  switch (type) {
    case 'bool':
      if (typeof value === 'boolean') return { boolValue: value };
      if (value === 'true' || value === 'false') return { boolValue: value === 'true' };
      break;
    case 'int64': {
      const integer = integerText(value);
      if (integer !== undefined) return { intValue: integer };
      break;
    }
    case 'float64':
      if (isLosslessNumber(value) || typeof value === 'string') return { doubleValue: value };
      break;
    case 'binary':
      if (typeof value === 'string') return { bytesValue: value };
      break;
    case 'string':
    case undefined:
      if (typeof value === 'string') return { stringValue: value };
      if (typeof value === 'boolean') return { boolValue: value };
      if (isLosslessNumber(value))
        return integerText(value) === undefined ? { doubleValue: value } : { intValue: value.value };
      break;
    default:
      throw new DecodeError(
        `tag ${key}: type ${shown(type)}; expected string, bool, int64, float64 or binary`,
      );
  }
  throw new DecodeError(
    `tag ${key}: value ${shown(value)}; expected one of type ${String(type ?? 'string')}`,
  );
}
