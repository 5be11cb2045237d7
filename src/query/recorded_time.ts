import { keptSince } from '../tape/kept.js';
import type { Manifest } from '../tape/manifest.js';
import { type Tape, timeRange } from '../tape/tape.js';
import { parseTime } from '../tape/time.js';
import { ALWAYS_THERE } from './relations.js';

/** A stretch of time, both ends included; nanoseconds since the epoch. */
export interface TimeRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether the tape was made of files, so that nobody watched while it happened. */
export function isImported({ sources }: Manifest): boolean {
  return sources.some(({ name }) => name.startsWith('import '));
}

/**
 * The stretch that the tape can vouch for: while the recorder ran, but for what it has removed since, whatever
 * times its rows have, because clocks of others may be wrong; of imported files the times of the rows of these tables, or of all.
 * Undefined without rows that tell.
 */
export function recordedTime(tape: Tape, tables?: readonly string[]): TimeRange | undefined {
  const { manifest } = tape;
  if (isImported(manifest)) {
    const filled = tables?.filter((table) => table !== ALWAYS_THERE) ?? [];
    return timeRange(tape, filled.length === 0 ? undefined : filled);
  }
  const first = keptSince(manifest);
  if (manifest.ended !== null) return { first, last: parseTime(manifest.ended) };
  const seen = timeRange(tape, ['recorder_health']) ?? timeRange(tape);
  return seen && { first, last: seen.last < first ? first : seen.last };
}
