import type { CannedQuery } from '../query/canned.js';
import { baseTables } from '../query/catalog.js';
import type { TapeDatabase } from '../query/tape_database.js';
import { tableNamed } from '../schema/tables/index.js';
import type { Manifest, Source } from '../tape/manifest.js';
import { timeRange } from '../tape/tape.js';
import { formatTime, parseTime } from '../tape/time.js';

/** What an answer does not see. */
export interface Coverage {
  /** Whether the recording has everything that the answer leans on. */
  readonly complete: boolean;
  /** What it lacks, a sentence each. */
  readonly gaps: readonly string[];
  /** What the answer leaves out by its own choice, a sentence each. */
  readonly notes: readonly string[];
}

/** A stretch of time, nanoseconds since the epoch, `until` not included. */
export interface Window {
  readonly since: bigint;
  readonly until: bigint;
}

/** The sentences on what the recording lacks for this question, in this window. */
export async function recordingGaps(
  database: TapeDatabase,
  query: CannedQuery,
  window: Window,
): Promise<string[]> {
  const { tape } = database;
  const tables = baseTables(query.needs);
  return [
    ...unfinished(tape.manifest),
    ...outside(database, window),
    ...tape.manifest.sources
      .filter((source) => source.state === 'unavailable' && concerns(source, tables))
      .map(({ name, detail }) => `The source ${name} could not be recorded: ${detail}.`),
    ...(await lossSentences(database, tables, searched(query, window))),
  ];
}

function unfinished({ state }: Manifest): string[] {
  return state === 'recording'
    ? ['This tape was not completed: what the recorder had not sealed yet is missing.']
    : [];
}

function outside({ tape }: TapeDatabase, { since, until }: Window): string[] {
  const range = timeRange(tape);
  if (range === undefined) return ['The tape holds no rows.'];
  const started = parseTime(tape.manifest.started);
  const begin = started < range.first ? started : range.first;
  const ended = tape.manifest.ended === null ? range.last : parseTime(tape.manifest.ended);
  const end = ended > range.last ? ended : range.last;
  const sentences: string[] = [];
  if (since < begin)
    sentences.push(`Nothing is known before ${formatTime(begin)}, where the recording begins.`);
  if (until > end + 1n)
    sentences.push(`Nothing is known after ${formatTime(end)}, where the recording ends.`);
  return sentences;
}

/** Whether the tables get rows from the source, by how recorders name their sources. */
function concerns({ name }: Source, tables: readonly string[]): boolean {
  const [first = '', second = ''] = name.split(' ');
  if (first === 'probe') return tables.includes(second);
  return tables.some((table) => {
    const from = tableNamed(table)?.source ?? 'recorder';
    return first === 'otlp' ? OTLP.has(from) : first === from;
  });
}

const OTLP: ReadonlySet<string> = new Set(['traces', 'metrics', 'logs']);

/** A question with a window of its own choice compares it with all the rest. */
function searched(query: CannedQuery, window: Window): Window {
  const compares = query.parameters.some(({ name }) => name === 'since');
  return compares ? { since: -(2n ** 63n), until: 2n ** 63n - 1n } : window;
}

/** Losses in several tables count where the source that had them fills one of the question's tables. */
async function lossSentences(
  database: TapeDatabase,
  tables: readonly string[],
  { since, until }: Window,
): Promise<string[]> {
  const sources = tables.flatMap((table) => LOSS_SOURCES[tableNamed(table)?.source ?? 'recorder']);
  const quoted = (items: readonly string[]) => items.map((item) => `'${item}'`).join(', ');
  const rows = await database.rows(`
    SELECT
      CASE WHEN bool_and(count IS NOT NULL) THEN sum(count)::VARCHAR ELSE 'An unknown number of' END
        || ' rows' || coalesce(' of ' || table_name, ''),
      source || ': ' || reason || coalesce(', ' || subject, ''),
      min(time),
      max(until)
    FROM losses
    WHERE epoch_ns(time) < ${until} AND epoch_ns(until) >= ${since}
      AND (table_name IN (${quoted(tables)}) OR (table_name IS NULL AND source IN (${quoted(sources)}, 'clock', 'recorder')))
    GROUP BY source, table_name, reason, subject
    ORDER BY min(time), 1, 2`);
  return rows.map(([what, why, first, last]) => `${what} were lost from ${first} to ${last} (${why}).`);
}

const LOSS_SOURCES = {
  kernel: ['probe'],
  traces: ['otlp'],
  metrics: ['otlp'],
  logs: ['otlp'],
  kubernetes: ['kubernetes'],
  recorder: ['recorder'],
} as const;
