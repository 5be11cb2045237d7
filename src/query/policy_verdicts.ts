import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { KubernetesObjectRow } from '../kubernetes/observation.js';
import type { WatchGap } from '../kubernetes/watch_gap.js';
import { DropJudge } from '../policy/drops/drop_judge.js';
import { ClusterTimeline } from '../policy/history/timeline.js';
import { type Drops, policyVerdicts, VERDICT_COLUMNS } from './policy_verdicts_table.js';

/** Kinds that an interrupted watch of everything leaves unknown. */
const JUDGED_KINDS = ['Pod', 'Namespace', 'NetworkPolicy'];

/** Rows that DuckDB takes at once. */
const CHUNK = 2048;

/**
 * Judges every dropped packet and fills the table anew. Packets on different sides of a cut, such as the
 * bounds of a question, are not added up; cuts are nanoseconds since the epoch.
 */
export async function fillPolicyVerdicts(
  connection: DuckDBConnection,
  cuts: readonly bigint[],
): Promise<void> {
  const timeline = new ClusterTimeline(await objectRows(connection), await watchGaps(connection));
  const judge = new DropJudge(timeline);
  const drops = await readDrops(connection, cuts);
  await connection.run(`DELETE FROM ${policyVerdicts.name}`);
  const appender = await connection.createAppender(policyVerdicts.name);
  const columns = Object.values(VERDICT_COLUMNS);
  for (let start = 0; start < drops.length; start += CHUNK) {
    const judged = drops
      .slice(start, start + CHUNK)
      .map((one) => ({ drops: one, verdict: judge.judge(one) }));
    const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
    chunk.setColumns(columns.map(({ value }) => judged.map(({ verdict, drops }) => value(verdict, drops))));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

async function readDrops(connection: DuckDBConnection, cuts: readonly bigint[]): Promise<Drops[]> {
  const sides = cuts.map((cut) => `, epoch_ns(packet_drops.time) >= ${cut}`).join('');
  const reader = await connection.runAndReadAll(`
    SELECT
      epoch_ns(min(packet_drops.time)) AS time,
      epoch_ns(max(packet_drops.time)) AS "lastTime",
      sum(segments)::BIGINT AS packets,
      node,
      reason,
      source_address AS "sourceAddress",
      source_port AS "sourcePort",
      destination_address AS "destinationAddress",
      destination_port AS "destinationPort",
      protocol,
      tcp_flags AS "tcpFlags"
    FROM packet_drops
    WHERE source_address IS NOT NULL AND destination_address IS NOT NULL AND protocol IS NOT NULL
    GROUP BY
      node, reason, source_address, source_port, destination_address, destination_port, protocol, tcp_flags,
      bucket_ns(packet_drops.time, 1000000000)${sides}
    ORDER BY 1`);
  return reader.getRowObjects() as unknown as Drops[];
}

/** The columns are those of the row, by name and type. */
async function objectRows(connection: DuckDBConnection): Promise<KubernetesObjectRow[]> {
  const reader = await connection.runAndReadAll(`
    SELECT * EXCLUDE (time, node), epoch_ns(kubernetes_objects.time) AS time
    FROM kubernetes_objects
    WHERE kind <> 'Event'
    ORDER BY time`);
  return reader.getRowObjects() as unknown as KubernetesObjectRow[];
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
