import type { CannedQuery } from '../query/canned.js';
import { baseTables } from '../query/catalog.js';
import { lackingTables } from '../query/failure.js';
import type { GivenValues } from '../query/parameters.js';
import { isImported, recordedTime, type TimeRange } from '../query/recorded_time.js';
import { ALWAYS_THERE, REMOVED } from '../query/relations.js';
import { feeds } from '../query/sources.js';
import type { TapeDatabase } from '../query/tape_database.js';
import { tableNamed } from '../schema/tables/index.js';
import { LEFT_OUT } from '../tape/loss_row.js';
import type { Manifest } from '../tape/manifest.js';
import { notCompleted } from '../tape/not_completed.js';
import { sqlList } from '../tape/sql/literals.js';
import { timeRange } from '../tape/tape.js';
import { formatTime } from '../tape/time.js';

/** What an answer does not see. */
export interface Coverage {
  /** Whether the recording has everything that the answer leans on. */
  readonly complete: boolean;
  /** What it lacks, a sentence each. */
  readonly gaps: readonly string[];
  /** What the answer leaves out by its own choice, a sentence each. */
  readonly notes: readonly string[];
  /** The stretch that this holds for, where rows dated outside the recording make the window wider. */
  readonly within?: { readonly since: string; readonly until: string };
}

/** A stretch of time, nanoseconds since the epoch, `until` not included. */
export interface Window {
  readonly since: bigint;
  readonly until: bigint;
}

/** What the recording lacks for this question in this window, and how far it vouches for the window. */
export async function recordingCoverage(
  database: TapeDatabase,
  query: CannedQuery,
  window: Window,
  given: GivenValues,
): Promise<Pick<Coverage, 'gaps' | 'within'>> {
  const { tape } = database;
  const tables = baseTables(query.needs);
  const recorded = recordedTime(tape, tables);
  const gaps = [
    ...notCompleted('The tape', tape.manifest),
    ...(timeRange(tape) === undefined
      ? ['The tape holds no rows.']
      : outside(tape.manifest, recorded, given, window)),
    ...tape.manifest.sources
      .filter((source) => source.state === 'unavailable' && feeds(source, tables))
      .map(({ name, detail }) => `The source ${name} could not be recorded: ${detail}.`),
    ...query.needs.flatMap((need) => lackingTables(need, tape)).map((table) => `${table} was not captured.`),
    ...(await lossSentences(database, tables, searched(query, window))),
  ];
  if (recorded === undefined || (window.since >= recorded.first && window.until <= recorded.last + 1n)) {
    return { gaps };
  }
  return { gaps, within: { since: formatTime(recorded.first), until: formatTime(recorded.last) } };
}

/** Only of bounds that were asked for: by default the window reaches as far as there are rows. */
function outside(
  manifest: Manifest,
  recorded: TimeRange | undefined,
  given: GivenValues,
  { since, until }: Window,
): string[] {
  if (recorded === undefined) return ['The imported files gave no rows that this answer leans on.'];
  const what = isImported(manifest) ? 'what was imported' : 'the recording';
  const sentences: string[] = [];
  if (given.has('since') && since < recorded.first)
    sentences.push(`Nothing is known before ${formatTime(recorded.first)}, where ${what} begins.`);
  if (given.has('until') && until > recorded.last + 1n)
    sentences.push(`Nothing is known after ${formatTime(recorded.last)}, where ${what} ends.`);
  return sentences;
}

/** A question with a window of its own choice compares it with all the rest. */
function searched(query: CannedQuery, window: Window): Window {
  const compares = query.parameters.some(({ name }) => name === 'since');
  return compares ? { since: -(2n ** 63n), until: 2n ** 63n - 1n } : window;
}

/**
 * Losses in several tables count where the source that had them fills one of the question's tables; for
 * a question about losses all of them do.
 */
async function lossSentences(
  database: TapeDatabase,
  tables: readonly string[],
  { since, until }: Window,
): Promise<string[]> {
  const sources = tables.flatMap((table) => LOSS_SOURCES[tableNamed(table)?.source ?? 'recorder']);
  const concerns = tables.includes(ALWAYS_THERE)
    ? 'true'
    : `(table_name IN ${sqlList(tables)} OR (table_name IS NULL AND source IN ${sqlList([...sources, 'clock', 'recorder'])}))`;
  const rows = await database.rows(`
    SELECT
      CASE
        WHEN count(count) = 0 AND source = 'clock' THEN 'Times are doubtful'
        WHEN reason = '${REMOVED}' THEN 'Not on the tape any more'
        WHEN reason = '${LEFT_OUT}' THEN 'Left out of this part of the recording: ' || counted(sum(count), 'row') || ' of ' || table_name || ','
        WHEN count(count) = 0 AND source IN ('kubernetes', 'recorder')
          THEN coalesce(table_name || ' not observed', 'Not observed')
        ELSE CASE
            WHEN count(count) = 0 THEN 'An unknown number of rows'
            WHEN count(count) < count(*) THEN 'At least ' || counted(sum(count), 'row')
            ELSE counted(sum(count), 'row')
          END || coalesce(' of ' || table_name, '') || CASE WHEN sum(count) = 1 THEN ' was lost' ELSE ' were lost' END
      END,
      CASE WHEN count(DISTINCT (time, until)) = 1 THEN 'from' ELSE 'between' END,
      min(time),
      CASE WHEN count(DISTINCT (time, until)) = 1 THEN 'to' ELSE 'and' END,
      max(until),
      '(' || source || ': ' || reason || coalesce(': ' || string_agg(DISTINCT subject, ', ' ORDER BY subject), '') || ')'
    FROM losses
    WHERE epoch_ns(time) < ${until} AND epoch_ns(until) >= ${since} AND ${concerns}
    GROUP BY source, table_name, reason
    ORDER BY min(time), 1, 6`);
  return rows.map((parts) => `${parts.join(' ')}.`);
}

const LOSS_SOURCES = {
  kernel: ['probe'],
  traces: ['otlp'],
  metrics: ['otlp'],
  logs: ['otlp'],
  kubernetes: ['kubernetes'],
  cgroups: ['cgroups'],
  import: ['hubble', 'netobserv'],
  recorder: ['recorder'],
} as const;
