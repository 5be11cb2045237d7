import { KtapeError } from '../../errors.js';
import { isImported, recordedTime, type TimeRange } from '../../query/recorded_time.js';
import type { Manifest, Removed, Segment } from '../../tape/manifest.js';
import { type Tape, timeRange } from '../../tape/tape.js';
import { formatTime, parseTime, shortTime } from '../../tape/time.js';

/** A stretch of time, nanoseconds since the epoch, `until` not included; undefined: no bound. */
export interface Window {
  readonly since?: bigint | undefined;
  readonly until?: bigint | undefined;
}

/** Throws a KtapeError that says what the tape is of, where nothing of it is in the window. */
export function checkWindow(tape: Tape, { since, until }: Window): void {
  if (since !== undefined && until !== undefined && since >= until) {
    throw new KtapeError(`--since ${shortTime(since)} is not before --until ${shortTime(until)}`);
  }
  const all = wholeTime(tape);
  if (all === undefined) return;
  const span = `${tape.directory}: of ${shortTime(all.first)} to ${shortTime(all.last)}`;
  if (since !== undefined && since > all.last)
    throw new KtapeError(`${span}; nothing of it is after --since ${shortTime(since)}`);
  if (until !== undefined && until <= all.first)
    throw new KtapeError(`${span}; nothing of it is before --until ${shortTime(until)}`);
}

/** What was recorded, and the rows that others dated before or after it. */
function wholeTime(tape: Tape): TimeRange | undefined {
  const [rows, recorded] = [timeRange(tape), recordedTime(tape)];
  if (rows === undefined || recorded === undefined) return rows ?? recorded;
  return {
    first: rows.first < recorded.first ? rows.first : recorded.first,
    last: rows.last > recorded.last ? rows.last : recorded.last,
  };
}

/** How the rows of a segment lie to a window. */
export function placeOf(segment: Segment, { since, until }: Window): 'inside' | 'outside' | 'across' {
  const [first, last] = [parseTime(segment.first_time), parseTime(segment.last_time)];
  if ((since !== undefined && last < since) || (until !== undefined && first >= until)) return 'outside';
  const begins = since === undefined || first >= since;
  return begins && (until === undefined || last < until) ? 'inside' : 'across';
}

/** The manifest of the tape as if it had been recorded in the window only; its tables are those given. */
export function cutManifest(
  { manifest }: Tape,
  { since, until }: Window,
  tables: Manifest['tables'],
  tool: string,
): Manifest {
  const cut = { ...manifest, tool, journal_sealed: 0, tables };
  // The files that were imported tell of times at which nobody imported.
  if (isImported(manifest)) return cut;
  const started = since === undefined ? manifest.started : later(manifest.started, since);
  const end = manifest.ended ?? manifest.seen_until ?? manifest.started;
  // Of a tape that is being recorded the window can be whole.
  const isWhole = manifest.ended !== null || (until !== undefined && until <= parseTime(end));
  const ended = later(until === undefined ? end : earlier(end, until), parseTime(started));
  return {
    ...cut,
    started,
    state: isWhole ? 'complete' : 'recording',
    ended: isWhole ? ended : null,
    seen_until: isWhole ? null : ended,
    removed: manifest.removed.flatMap((stretch) => clip(stretch, parseTime(started), parseTime(ended))),
  };
}

function clip(stretch: Removed, started: bigint, ended: bigint): Removed[] {
  if (parseTime(stretch.until) <= started || parseTime(stretch.since) >= ended) return [];
  return [{ ...stretch, since: later(stretch.since, started), until: earlier(stretch.until, ended) }];
}

function later(time: string, other: bigint): string {
  return parseTime(time) > other ? time : formatTime(other);
}

function earlier(time: string, other: bigint): string {
  return parseTime(time) < other ? time : formatTime(other);
}
