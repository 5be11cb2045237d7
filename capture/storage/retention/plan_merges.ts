import type { Removed } from '../../../src/tape/manifest.js';
import { parseTime } from '../../../src/tape/time.js';
import type { DiskLimits } from './limits.js';
import { STATE_TABLES, type StoredSegment } from './stored_segment.js';

/** Segments of one table and node that are to become one. */
export interface Merge {
  readonly table: string;
  readonly sources: readonly StoredSegment[];
  /**
   * Of a table of states: only the last row of each object is kept; `living` leaves out those that had ended, where
   * nothing older is kept that they would end.
   */
  readonly carry?: 'last' | 'living';
}

/** As many segments of about one length become one. */
const FAN_IN = 10;
/** So many segments of states that are not kept as they were are worth carrying forward. */
const CARRY_AT = 4;
/** A segment as large takes a merge of little memory. */
const LARGEST = 64 << 20;
/** No segment takes more than this part of what is kept: the oldest goes piece by piece. */
const PIECES = 12n;

/** What is worth merging now, one merge for each table and node at most. */
export function planMerges(
  segments: readonly StoredSegment[],
  removed: readonly Removed[],
  limits: DiskLimits,
): Merge[] {
  const largest = Math.min(LARGEST, (limits.maxBytes ?? Number.POSITIVE_INFINITY) / Number(PIECES));
  const longest = limits.keepNs === undefined ? undefined : limits.keepNs / PIECES;
  return series(segments).flatMap((inOrder) => {
    const carried = planCarry(inOrder, removed);
    if (carried !== undefined) return [carried];
    const asTheyAre = inOrder.filter((stored) => !isForgotten(stored, removed));
    return planTier(asTheyAre, { largest, longest }) ?? [];
  });
}

/** The segments of each table and node in the order in which they were received. */
function series(segments: readonly StoredSegment[]): StoredSegment[][] {
  const all = new Map<string, StoredSegment[]>();
  for (const stored of segments) {
    const key = `${stored.table} ${stored.segment.node}`;
    all.set(key, [...(all.get(key) ?? []), stored]);
  }
  return [...all.values()].map((one) =>
    one.sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0)),
  );
}

/** Of states in a stretch of which the other tables were removed, the last are enough. */
function planCarry(inOrder: readonly StoredSegment[], removed: readonly Removed[]): Merge | undefined {
  for (const stretch of removed) {
    const sources = inOrder.filter((stored) => isForgotten(stored, [stretch]));
    const [first] = sources;
    if (first === undefined || sources.length < CARRY_AT) continue;
    return { table: first.table, sources, carry: first === inOrder[0] ? 'living' : 'last' };
  }
  return undefined;
}

function isForgotten({ table, since, until, pinnedBy }: StoredSegment, removed: readonly Removed[]): boolean {
  if (!STATE_TABLES.has(table) || pinnedBy.length > 0) return false;
  return removed.some((stretch) => parseTime(stretch.since) <= since && until <= parseTime(stretch.until));
}

interface Caps {
  /** Bytes. */
  readonly largest: number;
  /** Nanoseconds. */
  readonly longest: bigint | undefined;
}

/** Ten neighbours of about one length become one, with shorter ones between them; the shortest first. */
function planTier(inOrder: readonly StoredSegment[], caps: Caps): Merge | undefined {
  const runs = runsOf(inOrder, caps);
  const lengths = [...new Set(runs.flat().map(lengthClass))].sort((a, b) => a - b);
  for (const length of lengths) {
    for (const run of runs.flatMap((one) => splitAt(one, (stored) => lengthClass(stored) > length))) {
      const sources = firstThatFit(run, length, caps);
      if (sources !== undefined) return { table: sources[0].table, sources };
    }
  }
  return undefined;
}

/** Neighbours that may be merged: held by the same pins, and none of them half as large or long as may be. */
function runsOf(inOrder: readonly StoredSegment[], { largest, longest }: Caps): StoredSegment[][] {
  const isDone = ({ segment, since, until }: StoredSegment) =>
    segment.bytes > largest / 2 || (longest !== undefined && (until - since) * 2n > longest);
  const pins = ({ pinnedBy }: StoredSegment) => pinnedBy.join();
  return splitAt(inOrder, isDone).flatMap((run) => {
    const parts: StoredSegment[][] = [];
    for (const stored of run) {
      const last = parts.at(-1);
      if (last?.[0] !== undefined && pins(last[0]) === pins(stored)) last.push(stored);
      else parts.push([stored]);
    }
    return parts;
  });
}

/** Of ten of this length the first that are not too much together; undefined where no two are. */
function firstThatFit(
  run: readonly StoredSegment[],
  length: number,
  { largest, longest }: Caps,
): readonly [StoredSegment, ...StoredSegment[]] | undefined {
  for (let at = 0; at < run.length; at++) {
    const [first, ...others] = tenOf(run.slice(at), length);
    if (first === undefined) return undefined;
    let bytes = first.segment.bytes;
    const tooMuch = others.findIndex((stored) => {
      bytes += stored.segment.bytes;
      return bytes > largest || (longest !== undefined && stored.until - first.since > longest);
    });
    const fitting = tooMuch < 0 ? others : others.slice(0, tooMuch);
    if (fitting.length > 0) return [first, ...fitting];
  }
  return undefined;
}

/** The first of a run up to the tenth of this length; none where there are fewer. */
function tenOf(run: readonly StoredSegment[], length: number): readonly StoredSegment[] {
  let count = 0;
  const tenth = run.findIndex((stored) => lengthClass(stored) === length && ++count === FAN_IN);
  return run.slice(0, tenth + 1);
}

/** How long a stretch a segment is of: 4 is from ten seconds on, 5 from a hundred. */
function lengthClass({ since, until }: StoredSegment): number {
  return Math.floor(Math.log10(Math.max(1, Number(until - since) / 1e6)));
}

/** The parts of a list between the members that separate. */
function splitAt<V>(list: readonly V[], separates: (value: V) => boolean): V[][] {
  const parts: V[][] = [[]];
  for (const value of list) {
    if (separates(value)) parts.push([]);
    else parts.at(-1)?.push(value);
  }
  return parts.filter((part) => part.length > 0);
}
