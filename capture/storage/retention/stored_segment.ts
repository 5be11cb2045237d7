import { cgroups } from '../../../src/schema/tables/cgroups.js';
import { kubernetesObjects } from '../../../src/schema/tables/kubernetes_objects.js';
import type { Segment } from '../../../src/tape/manifest.js';
import type { Pin } from '../../../src/tape/pins.js';
import { parseTime } from '../../../src/tape/time.js';

/** A segment as limits see it. */
export interface StoredSegment {
  readonly table: string;
  readonly segment: Segment;
  /** Its rows were received after `since` and at the latest at `until`, nanoseconds since the epoch. */
  readonly since: bigint;
  readonly until: bigint;
  /** Names of the pins that hold it. */
  readonly pinnedBy: readonly string[];
}

/** Tables whose rows tell what is, and hold until another row says otherwise: of them the last are carried forward. */
export const STATE_TABLES: ReadonlySet<string> = new Set([kubernetesObjects.name, cgroups.name]);

/** All segments of a tape. */
export function storedSegments(
  tables: ReadonlyMap<string, readonly Segment[]>,
  pins: readonly Pin[],
): StoredSegment[] {
  return [...tables].flatMap(([table, segments]) =>
    segments.map((segment) => {
      const since = parseTime(segment.received_since ?? segment.first_time);
      const until = parseTime(segment.received_until ?? segment.last_time);
      const holding = pins.filter((pin) => pin.since <= until && since <= pin.until);
      return { table, segment, since, until, pinnedBy: holding.map(({ name }) => name) };
    }),
  );
}
