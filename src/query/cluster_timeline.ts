import type { DuckDBConnection } from '@duckdb/node-api';
import type { KubernetesObjectRow } from '../kubernetes/observation.js';
import type { WatchGap } from '../kubernetes/watch_gap.js';
import { ClusterTimeline } from '../policy/history/timeline.js';
import type { DataPlane } from '../policy/rules/data_plane.js';

/** Kinds that an interrupted watch of everything leaves unknown. */
const JUDGED_KINDS = ['Pod', 'Namespace', 'NetworkPolicy'];

/** The cluster of a tape over time; needs kubernetes_objects. Without a data plane that of the policies' kinds. */
export async function readTimeline(
  connection: DuckDBConnection,
  dataPlane?: DataPlane,
): Promise<ClusterTimeline> {
  return new ClusterTimeline(await objectRows(connection), await watchGaps(connection), dataPlane);
}

/**
 * In the order of time, and of one time as recorded, which DuckDB's sorting would not keep. The columns are those of the
 * row, by name and type.
 */
async function objectRows(connection: DuckDBConnection): Promise<KubernetesObjectRow[]> {
  const reader = await connection.runAndReadAll(`
    SELECT * EXCLUDE (time, node), epoch_ns(kubernetes_objects.time) AS time
    FROM kubernetes_objects
    WHERE kind <> 'Event'`);
  const rows = reader.getRowObjects() as unknown as KubernetesObjectRow[];
  return rows.sort((a, b) => Number(a.time > b.time) - Number(a.time < b.time));
}

async function watchGaps(connection: DuckDBConnection): Promise<WatchGap[]> {
  const reader = await connection.runAndReadAll(`
    SELECT epoch_ns(time), epoch_ns(until), subject, reason FROM losses WHERE source = 'kubernetes' ORDER BY time`);
  return reader.getRows().flatMap(([since, until, subject, reason]) => {
    const kinds = subject === null ? JUDGED_KINDS : [String(subject)];
    return kinds.map((kind) => ({
      kind,
      since: since as bigint,
      until: until as bigint,
      reason: String(reason),
    }));
  });
}
