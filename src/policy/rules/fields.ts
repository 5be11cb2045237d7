import { isJsonObject, type JsonObject } from '../../kubernetes/json.js';
import { InvalidPolicy } from './problem.js';

/** A list with something in it; missing, null and empty give undefined. Throws InvalidPolicy for what is no list. */
export function listOf(value: unknown, where: string): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new InvalidPolicy(where, `is ${said(value)}, not a list`);
  return value.length > 0 ? value : undefined;
}

/** An object with no fields but these; throws InvalidPolicy for anything else. Without `fields` it may have any. */
export function objectOf(value: unknown, where: string, fields?: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw new InvalidPolicy(where, `is ${said(value)}, not an object`);
  const stranger = fields && Object.keys(value).find((key) => !fields.includes(key));
  if (stranger === undefined) return value;
  throw new InvalidPolicy(`${where}.${stranger}`, `is not a known field, expected ${fields?.join(', ')}`);
}

/** The one field that is set where exactly one of these must be; throws InvalidPolicy otherwise. */
export function oneOf<T extends string>(
  raw: unknown,
  fields: readonly T[],
  where: string,
): { field: T; value: unknown } {
  const object = objectOf(raw, where, fields);
  const [field, other] = fields.filter((one) => one in object);
  if (field !== undefined && other === undefined) return { field, value: object[field] };
  const found = field === undefined ? 'nothing' : `${field} and ${other}`;
  throw new InvalidPolicy(where, `has ${found}, not exactly one of ${fields.join(', ')}`);
}

/** One of the texts; throws InvalidPolicy for anything else. */
export function choiceOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    const last = choices.at(-1);
    const rest = choices.slice(0, -1).join(', ');
    throw new InvalidPolicy(where, `is ${said(value)}, not ${rest === '' ? last : `${rest} or ${last}`}`);
  }
  return found;
}

/** A value for a message, cut short. */
export function said(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'missing';
}

export function isPortNumber(value: unknown): value is number {
  return isIntegerIn(value, 1, 65535);
}

/** Whether it is an integer from `least` to `most`, both inclusive. */
export function isIntegerIn(value: unknown, least: number, most: number): value is number {
  return isInteger(value) && value >= least && value <= most;
}

const isInteger = Number.isInteger as (value: unknown) => value is number;

/** An IANA service name: at most 15 of a-z, 0-9 and single inner hyphens, one of them a letter. */
export function isPortName(value: unknown): value is string {
  return typeof value === 'string' && /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
}
