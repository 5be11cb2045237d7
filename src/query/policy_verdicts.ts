import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { DropJudge } from '../policy/drops/drop_judge.js';
import type { ToldNames } from '../policy/drops/dropped_packet.js';
import type { ClusterTimeline } from '../policy/history/timeline.js';
import { type Drops, policyVerdicts, VERDICT_COLUMNS } from './policy_verdicts_table.js';

/** Rows that DuckDB takes at once. */
const CHUNK = 2048;

/** Rows that are alike and this close to each other are added up. */
const SECOND_NS = 1_000_000_000;

/**
 * Judges every dropped packet and flow of the tables that are there and fills the table anew. Packets on different
 * sides of a cut, such as the bounds of a question, are not added up; cuts are nanoseconds since the epoch.
 */
export async function fillPolicyVerdicts(
  connection: DuckDBConnection,
  timeline: ClusterTimeline,
  has: (table: string) => boolean,
  cuts: readonly bigint[],
): Promise<void> {
  const drops = [
    ...(has('packet_drops') ? await readDrops(connection, cuts) : []),
    ...(has('flows') ? await readFlows(connection, cuts) : []),
  ];
  await connection.run(`DELETE FROM ${policyVerdicts.name}`);
  if (has('packet_drops')) await connection.run(UNJUDGED_PACKETS);
  if (has('flows')) await connection.run(UNJUDGED_FLOWS);
  await append(
    connection,
    new DropJudge(timeline),
    drops.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),
  );
}

async function append(
  connection: DuckDBConnection,
  judge: DropJudge,
  drops: readonly Drops[],
): Promise<void> {
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

/** Further keys by which rows are kept apart: the side of each cut. */
function sidesOf(time: string, cuts: readonly bigint[]): string {
  return cuts.map((cut) => `, epoch_ns(${time}) >= ${cut}`).join('');
}

async function readDrops(connection: DuckDBConnection, cuts: readonly bigint[]): Promise<Drops[]> {
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
      bucket_ns(packet_drops.time, ${SECOND_NS})${sidesOf('packet_drops.time', cuts)}
    ORDER BY 1`);
  return reader.getRowObjects().map((row) => ({
    ...(row as unknown as Drops),
    seenBy: 'kernel',
    isReply: null,
    deniedBy: { egress: [], ingress: [] },
    toldSource: null,
    toldDestination: null,
  }));
}

/** A flow that a tool saw dropped. Cilium tells of one packet by several events: the type that has most of them counts. */
async function readFlows(connection: DuckDBConnection, cuts: readonly bigint[]): Promise<Drops[]> {
  const reader = await connection.runAndReadAll(`
    WITH dropped AS (
      SELECT *, bucket_ns(flows.time, ${SECOND_NS}) AS second,
        [source_namespace, source_pod, source_workload, source_workload_kind] AS source_names,
        [destination_namespace, destination_pod, destination_workload, destination_workload_kind] AS destination_names
      FROM flows
      WHERE verdict = 'DROPPED'
        AND source_address IS NOT NULL AND destination_address IS NOT NULL AND protocol IS NOT NULL
    ),
    events AS (
      SELECT
        tool, node_name, source_address, source_port, destination_address, destination_port, protocol, tcp_flags, second,
        coalesce(reason, '') AS reason, event_type${sidesOf('dropped.time', cuts)},
        min(dropped.time) AS first, max(coalesce(end_time, dropped.time)) AS last,
        sum(coalesce(dropped_packets, 1)) AS packets, any_value(is_reply) AS is_reply,
        any_value(source_names) AS source_names, any_value(destination_names) AS destination_names,
        list_distinct(flatten(list(egress_denied_by))) AS egress, list_distinct(flatten(list(ingress_denied_by))) AS ingress
      FROM dropped
      GROUP BY ALL
    )
    SELECT
      epoch_ns(min(first)) AS time,
      epoch_ns(max(last)) AS "lastTime",
      max(packets)::BIGINT AS packets,
      coalesce(node_name, '') AS node,
      reason,
      source_address AS "sourceAddress",
      source_port AS "sourcePort",
      destination_address AS "destinationAddress",
      destination_port AS "destinationPort",
      protocol,
      tcp_flags AS "tcpFlags",
      tool AS "seenBy",
      any_value(is_reply) AS "isReply",
      list_sort(list_distinct(flatten(list(egress)))) AS egress,
      list_sort(list_distinct(flatten(list(ingress)))) AS ingress,
      any_value(source_names) AS "sourceNames",
      any_value(destination_names) AS "destinationNames"
    FROM events
    GROUP BY tool, node_name, source_address, source_port, destination_address, destination_port, protocol, tcp_flags, second, reason
    ORDER BY 1`);
  return reader.getRowObjectsJS().map((row) => ({
    ...(row as unknown as Drops),
    deniedBy: { egress: policiesOf(row.egress), ingress: policiesOf(row.ingress) },
    toldSource: toldNames(row.sourceNames),
    toldDestination: toldNames(row.destinationNames),
  }));
}

/** As ktape names policies: those of Kubernetes without their kind. */
function policiesOf(named: unknown): string[] {
  return (named as string[]).map((name) => name.replace(/^NetworkPolicy /, ''));
}

function toldNames(names: unknown): ToldNames | null {
  const [namespace = null, pod = null, workload = null, workloadKind = null] = names as (string | null)[];
  return namespace === null ? null : { namespace, pod, workload, workloadKind };
}

/** Without addresses or a protocol there is nothing to judge, but they were dropped. */
const UNJUDGED_PACKETS = `
  INSERT INTO ${policyVerdicts.name} BY NAME
  SELECT min(packet_drops.time) AS time, max(packet_drops.time) AS last_time, 'kernel' AS seen_by, node,
    sum(segments)::BIGINT AS packets, reason
  FROM packet_drops
  WHERE source_address IS NULL OR destination_address IS NULL OR protocol IS NULL
  GROUP BY node, reason, bucket_ns(packet_drops.time, ${SECOND_NS})`;

const UNJUDGED_FLOWS = `
  INSERT INTO ${policyVerdicts.name} BY NAME
  SELECT min(flows.time) AS time, max(flows.time) AS last_time, tool AS seen_by, coalesce(node_name, '') AS node,
    sum(coalesce(dropped_packets, 1))::BIGINT AS packets, coalesce(reason, '') AS reason
  FROM flows
  WHERE verdict = 'DROPPED' AND (source_address IS NULL OR destination_address IS NULL OR protocol IS NULL)
  GROUP BY tool, node_name, reason, bucket_ns(flows.time, ${SECOND_NS})`;
