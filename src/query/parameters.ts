import { DuckDBTimestampNanosecondsValue, type DuckDBValue } from '@duckdb/node-api';
import { closest } from '../closest.js';
import { reasonOf, UsageError } from '../errors.js';
import { keptSince } from '../tape/kept.js';
import { type Tape, timeRange } from '../tape/tape.js';
import { parseTime, shortTime } from '../tape/time.js';
import { firstLine } from './captured_tables.js';
import { recordedTime } from './recorded_time.js';
import type { DeclaredParameter } from './sql_header.js';
import type { TapeDatabase } from './tape_database.js';

/** Values as a user gives them: text by name. */
export type GivenValues = ReadonlyMap<string, string>;

/** The bounds that every question has, whether or not it declares a default of its own. */
const BOUNDS = ['since', 'until'] as const;

/**
 * The values of a question's parameters: those given, else their defaults. Without a default of its
 * own, or when one of the bounds is given, the window is the whole recording and all rows of `tables` (or of
 * all), also those that others dated before or after it.
 */
export async function resolveParameters(
  database: TapeDatabase,
  declared: readonly DeclaredParameter[],
  given: GivenValues,
  tables?: readonly string[],
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
  const values: Record<string, DuckDBValue> = await resolveBounds(database, declared, given, tables);
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
  tables?: readonly string[],
): Promise<Record<(typeof BOUNDS)[number], DuckDBTimestampNanosecondsValue>> {
  const whole = wholeWindow(database.tape, tables);
  checkWithin(database.tape, given);
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
      `since ${shortTime(bounds.since.nanos)} is not before until ${shortTime(bounds.until.nanos)}`,
    );
  }
  return bounds;
}

/** What rows are dated before, while some of that time was removed, is no more than what is carried forward. */
function wholeWindow(tape: Tape, tables?: readonly string[]): { since: bigint; until: bigint } {
  const started = parseTime(tape.manifest.started);
  const rows = timeRange(tape, tables) ?? { first: started, last: started };
  const recorded = recordedTime(tape, tables) ?? rows;
  return {
    since: rows.first < recorded.first && keptSince(tape.manifest) === started ? rows.first : recorded.first,
    until: rows.last < recorded.last ? recorded.last : rows.last + 1n,
  };
}

/** One bound alone must leave something of the recording. */
function checkWithin(tape: Tape, given: GivenValues): void {
  const recorded = recordedTime(tape);
  const [since, until] = BOUNDS.map((name) => given.get(name));
  if (recorded === undefined || (since !== undefined && until !== undefined)) return;
  if (since !== undefined && boundOf('since', since) > recorded.last) {
    throw new UsageError(`--since ${since}: the recording ends at ${shortTime(recorded.last)}`);
  }
  if (until !== undefined && boundOf('until', until) <= recorded.first) {
    throw new UsageError(`--until ${until}: the recording begins at ${shortTime(recorded.first)}`);
  }
}

async function parameterValue(
  database: TapeDatabase,
  parameter: DeclaredParameter,
  text: string | undefined,
): Promise<DuckDBValue> {
  const { name, type, default: expression } = parameter;
  if (text === undefined) return database.value(`CAST((${expression}) AS ${type})`);
  const value = await database.value(`CAST($text AS ${type})`, { text }).catch((error) => {
    throw new UsageError(`${name}: "${text}" is no ${type} (${firstLine(reasonOf(error))})`);
  });
  checkAllowed(parameter, text, value);
  return value;
}

function checkAllowed({ name, words, least }: DeclaredParameter, text: string, value: DuckDBValue): void {
  const strange = words && text.split(',').find((word) => !words.includes(word.trim()));
  if (strange !== undefined) {
    throw new UsageError(`${name}: "${strange.trim()}" is none of ${words?.join(', ')}`);
  }
  if (least !== undefined && Number(value) < least) {
    throw new UsageError(`${name}: ${text} is less than ${least}`);
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
