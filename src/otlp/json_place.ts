import { LosslessNumber } from 'lossless-json';
import { DecodeError } from '../errors.js';

/** A place in the JSON, made into text only for an error. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
}

/** How messages name the place, such as `resourceSpans[0].scopeSpans`. */
export function textOfPlace({ parent, key }: Place): string {
  if (parent === undefined) return 'request';
  const before = parent.parent === undefined ? '' : textOfPlace(parent);
  if (typeof key === 'number') return `${before}[${key}]`;
  return before === '' ? key : `${before}.${key}`;
}

/** What is wrong with the value at a place: it is not what was expected. */
export function invalid(place: Place, value: unknown, expected: string): DecodeError {
  const shown = value instanceof LosslessNumber ? value.value : (JSON.stringify(value) ?? String(value));
  const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  return new DecodeError(`${textOfPlace(place)}: ${short} is not ${expected}`);
}
