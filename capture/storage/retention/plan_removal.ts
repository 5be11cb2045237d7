import type { Removed } from '../../../src/tape/manifest.js';
import { formatTime } from '../../../src/tape/time.js';
import { type DiskLimits, isWindow } from './limits.js';
import { STATE_TABLES, type StoredSegment } from './stored_segment.js';

/** The disk as it is. */
export interface DiskState {
  /** Nanoseconds since the epoch. */
  readonly now: bigint;
  /** Bytes of the directory that are in no segment, and those about to be written. */
  readonly otherBytes: number;
  /** Bytes that will be free when those have been written. */
  readonly free: number;
  /** Bytes that must be. */
  readonly minFree: number;
}

/** A segment that has to go, and the option that has it so. */
export interface Removal {
  readonly stored: StoredSegment;
  readonly limit: '--keep' | '--max-size' | '--min-free';
}

/** Of `--max-size`, what is left to the rows of now however much is pinned. */
const UNPINNED_SHARE = 0.25;

/**
 * The segments to remove, the oldest first whatever their table. What is pinned stays, and so does the state of the
 * cluster and the node, which is carried forward. Without a limit that makes the recording a window nothing goes.
 */
export function planRemoval(
  segments: readonly StoredSegment[],
  limits: DiskLimits,
  disk: DiskState,
): Removal[] {
  if (!isWindow(limits)) return [];
  let { free } = disk;
  let bytes = bytesOf(segments) + disk.otherBytes;
  const maxBytes = mayTake(segments, limits);
  const limitHit = ({ until }: StoredSegment) => {
    if (limits.keepNs !== undefined && until < disk.now - limits.keepNs) return '--keep';
    if (bytes > maxBytes) return '--max-size';
    return free < disk.minFree ? '--min-free' : undefined;
  };
  const removals: Removal[] = [];
  let limit: Removal['limit'] | undefined;
  let moment: bigint | undefined;
  for (const stored of [...segments].filter(isRemovable).sort(byAge)) {
    // What was received at the same time goes together.
    if (stored.until !== moment) limit = limitHit(stored);
    if (limit === undefined) break;
    moment = stored.until;
    removals.push({ stored, limit });
    bytes -= stored.segment.bytes;
    free += stored.segment.bytes;
  }
  return removals;
}

/**
 * The stretches that are not on the tape any more when these are removed: also those in which nothing but the state of
 * the cluster and the node was received, of which only the last is carried forward from then on.
 */
export function stretchesOf(removals: readonly Removal[], segments: readonly StoredSegment[]): Removed[] {
  const [newest] = removals.slice(-1);
  if (newest === undefined) return [];
  const states = segments.filter(
    ({ table, until, pinnedBy }) =>
      STATE_TABLES.has(table) && pinnedBy.length === 0 && until <= newest.stored.until,
  );
  return [...states.map((stored): Removal => ({ stored, limit: newest.limit })), ...removals].map(
    ({ stored: { segment, since, until }, limit }) => ({
      node: segment.node,
      since: formatTime(since),
      until: formatTime(until),
      limit,
    }),
  );
}

/** Bytes that the directory may have: more than `--max-size` where what must stay leaves too little to the rest. */
export function mayTake(segments: readonly StoredSegment[], { maxBytes }: DiskLimits): number {
  if (maxBytes === undefined) return Number.POSITIVE_INFINITY;
  const stays = bytesOf(segments.filter((stored) => !isRemovable(stored)));
  return Math.max(maxBytes, stays + Math.ceil(maxBytes * UNPINNED_SHARE));
}

function isRemovable({ table, pinnedBy }: StoredSegment): boolean {
  return pinnedBy.length === 0 && !STATE_TABLES.has(table);
}

function byAge(a: StoredSegment, b: StoredSegment): number {
  if (a.until !== b.until) return a.until < b.until ? -1 : 1;
  return a.segment.path < b.segment.path ? -1 : 1;
}

function bytesOf(segments: readonly StoredSegment[]): number {
  return segments.reduce((sum, { segment }) => sum + segment.bytes, 0);
}
