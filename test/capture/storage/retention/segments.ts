import type { DiskState } from '../../../../capture/storage/retention/plan_removal.js';
import type { StoredSegment } from '../../../../capture/storage/retention/stored_segment.js';
import type { Removed } from '../../../../src/tape/manifest.js';
import { formatTime } from '../../../../src/tape/time.js';

export const SECOND = 1_000_000_000n;

/** A segment whose rows were received between two seconds. */
export function segmentOf(
  table: string,
  since: number,
  until: number,
  bytes = 10,
  pinnedBy: readonly string[] = [],
): StoredSegment {
  const [received_since, received_until] = [since, until].map((second) =>
    formatTime(BigInt(second) * SECOND),
  );
  const segment = {
    path: `${table}/n-0-${String(until).padStart(5, '0')}.parquet`,
    node: 'n',
    rows: 1,
    bytes,
    first_time: received_until ?? '',
    last_time: received_until ?? '',
    sha256: '0'.repeat(64),
    ...(received_since === undefined || received_until === undefined
      ? {}
      : { received_since, received_until }),
  };
  return { table, segment, since: BigInt(since) * SECOND, until: BigInt(until) * SECOND, pinnedBy };
}

/** Segments of one table, each of so many seconds, one after the other. */
export function seriesOf(table: string, count: number, seconds: number, from = 0): StoredSegment[] {
  return Array.from({ length: count }, (_, i) =>
    segmentOf(table, from + i * seconds, from + (i + 1) * seconds),
  );
}

/** A segment in short: its table and seconds. */
export function short({ table, since, until }: StoredSegment): string {
  return `${table} ${since / SECOND}-${until / SECOND}`;
}

export function removedBetween(since: number, until: number): Removed {
  const [from, to] = [since, until].map((second) => formatTime(BigInt(second) * SECOND));
  return { node: 'n', since: from ?? '', until: to ?? '', limit: '--keep' };
}

/** A disk with plenty of room at a second. */
export function diskAt(second: number, change: Partial<DiskState> = {}): DiskState {
  return { now: BigInt(second) * SECOND, otherBytes: 0, free: 1e12, minFree: 1e9, ...change };
}
