import { LosslessNumber } from 'lossless-json';
import { type JsonParts, readJson } from '../read_json.js';

/** More than 100 nested messages ever take. */
const MOST_LEVELS = 300;

/**
 * Reads JSON with numbers as LosslessNumber, since 64-bit integers may come as numbers; of a key that comes twice the
 * last value counts. Throws DecodeError.
 */
export function parseLossless(text: string): unknown {
  return readJson(text, PARTS, MOST_LEVELS);
}

const PARTS: JsonParts<unknown> = {
  literal: (text) => {
    if (text === 'null') return null;
    return text === 'true' || text === 'false' ? text === 'true' : new LosslessNumber(text);
  },
  string: (text) => text,
  list: (items) => items,
  object: (fields) => {
    const object: Record<string, unknown> = {};
    // Assigned to, it would be the object's prototype; no message has such a field.
    for (const [key, value] of fields) if (key !== '__proto__') object[key] = value;
    return object;
  },
};
