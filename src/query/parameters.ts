import { DuckDBTimestampNanosecondsValue, type DuckDBValue } from '@duckdb/node-api';
import { reasonOf, UsageError } from '../errors.js';
import { timeRange } from '../tape/tape.js';
import { formatTime, parseTime } from '../tape/time.js';
import { closest } from './closest.js';
import type { DeclaredParameter } from './sql_header.js';
import type { TapeDatabase } from './tape_database.js';

/** Values as a user gives them: text by name. */
export type GivenValues = ReadonlyMap<string, string>;

/** The bounds that every question has, whether or not it declares a default of its own. */
const BOUNDS = ['since', 'until'] as const;

/**
 * The values of a question's parameters: those given, else their defaults. Without a default of its
 * own, or when one of the bounds is given, `since` is the first time in the tape and `until` just after the last.
 */
export async function resolveParameters(
  database: TapeDatabase,
  declared: readonly DeclaredParameter[],
  given: GivenValues,
): Promise<Record<string, DuckDBValue>> {
  const others = declared.filter(({ name }) => !isBound(name));
  const unknown = [...given.keys()].find(
    (name) => !isBound(name) && !others.some((one) => one.name === name),
  );
  if (unknown !== undefined) {
    const names = others.map(({ name }) => name);
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    throw new UsageError(
      `no parameter "${unknown}"${closest(unknown, names)}; besides since and until ${known}`,
    );
  }
  const values: Record<string, DuckDBValue> = await resolveBounds(database, declared, given);
  for (const parameter of others) {
    values[parameter.name] = await parameterValue(database, parameter, given.get(parameter.name));
  }
  return values;
}

/** `since` and `until` alone, as any statement may use them. */
export async function resolveBounds(
  database: TapeDatabase,
  declared: readonly DeclaredParameter[],
  given: GivenValues,
): Promise<Record<(typeof BOUNDS)[number], DuckDBTimestampNanosecondsValue>> {
  const started = parseTime(database.tape.manifest.started);
  const { first, last } = timeRange(database.tape) ?? { first: started, last: started };
  const whole = { since: first, until: last + 1n };
  const isChosen = BOUNDS.some((name) => given.has(name));
  const bound = async (name: (typeof BOUNDS)[number]) => {
    const text = given.get(name);
    if (text !== undefined) return timestamp(boundOf(name, text));
    const own = isChosen ? undefined : declared.find((parameter) => parameter.name === name);
    const value = own && (await parameterValue(database, own, undefined));
    return value instanceof DuckDBTimestampNanosecondsValue ? value : timestamp(whole[name]);
  };
  const bounds = { since: await bound('since'), until: await bound('until') };
  if (bounds.since.nanos >= bounds.until.nanos) {
    throw new UsageError(
      `since ${formatTime(bounds.since.nanos)} is not before until ${formatTime(bounds.until.nanos)}`,
    );
  }
  return bounds;
}

async function parameterValue(
  database: TapeDatabase,
  { name, type, default: expression }: DeclaredParameter,
  text: string | undefined,
): Promise<DuckDBValue> {
  if (text === undefined) return database.value(`CAST((${expression}) AS ${type})`);
  try {
    return await database.value(`CAST($text AS ${type})`, { text });
  } catch (error) {
    throw new UsageError(`parameter ${name}: "${text}" is no ${type} (${reasonOf(error)})`);
  }
}

function boundOf(name: string, text: string): bigint {
  try {
    return parseTime(text);
  } catch (error) {
    throw new UsageError(`--${name}: ${reasonOf(error)}`);
  }
}

function isBound(name: string): boolean {
  return BOUNDS.some((bound) => bound === name);
}

function timestamp(epochNs: bigint): DuckDBTimestampNanosecondsValue {
  return new DuckDBTimestampNanosecondsValue(epochNs);
}
