import {
  BIGINT,
  BOOLEAN,
  DuckDBTimestampNanosecondsValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  TIMESTAMP_NS,
  VARCHAR,
} from '@duckdb/node-api';
import type { DroppedPacket } from '../policy/drops/dropped_packet.js';
import type { DropVerdict } from '../policy/drops/verdict_row.js';
import type { Relation } from './relation.js';

/** Packets dropped within one second that are alike in all that a verdict depends on. */
export interface Drops extends DroppedPacket {
  readonly lastTime: bigint;
  readonly node: string;
  readonly packets: bigint;
}

interface VerdictColumn {
  readonly type: DuckDBType;
  readonly doc: string;
  readonly value: (verdict: DropVerdict, drops: Drops) => DuckDBValue;
}

const text = (value: VerdictColumn['value'], doc: string): VerdictColumn => ({ type: VARCHAR, doc, value });
const time = (value: (verdict: DropVerdict, drops: Drops) => bigint | null, doc: string): VerdictColumn => ({
  type: TIMESTAMP_NS,
  doc,
  value: (verdict, drops) => timestamp(value(verdict, drops)),
});
const port = (value: VerdictColumn['value'], doc: string): VerdictColumn => ({ type: INTEGER, doc, value });

/** The columns of policy_verdicts in their order. */
export const VERDICT_COLUMNS: Readonly<Record<string, VerdictColumn>> = {
  time: time((_, drops) => drops.time, 'When the first of the packets was dropped.'),
  last_time: time((_, drops) => drops.lastTime, 'When the last of them was.'),
  node: text((_, drops) => drops.node, 'The node that dropped them.'),
  seen_by: text(
    (verdict) => verdict.seen_by,
    'Who saw it: `kernel`, or the tool of an imported flow: `hubble`, `netobserv`.',
  ),
  packets: {
    type: BIGINT,
    value: (_, drops) => drops.packets,
    doc: 'Packets on the wire; Hubble counts events.',
  },
  reason: text((verdict) => verdict.reason, "The kernel's `skb_drop_reason`, or Cilium's `DropReason`."),
  tcp_flags: text((_, drops) => drops.tcpFlags, 'TCP flags of the packets; NULL when not TCP.'),
  protocol: text((verdict) => verdict.protocol, 'Transport protocol.'),
  initiator: text(
    (verdict) => verdict.initiator,
    'End of the packets that opened the connection: `source`, `destination` (they were replies) or `unknown`.',
  ),
  source_address: text(
    (verdict) => verdict.source_address,
    'Address of the end that opened the connection; where `initiator` is `unknown`, of the sender.',
  ),
  source_port: port((verdict) => verdict.source_port, 'Its port; NULL for protocols without ports.'),
  source_namespace: text(
    (verdict) => verdict.source_namespace,
    'Namespace of its pod; NULL when it is no known pod.',
  ),
  source_pod: text((verdict) => verdict.source_pod, 'Its pod; NULL when it is no known pod.'),
  source_workload: text((verdict) => verdict.source_workload, 'Outermost owner of its pod.'),
  source_workload_kind: text((verdict) => verdict.source_workload_kind, 'Kind of that owner.'),
  destination_address: text((verdict) => verdict.destination_address, 'Address of the other end.'),
  destination_port: port(
    (verdict) => verdict.destination_port,
    'Its port; NULL for protocols without ports.',
  ),
  destination_namespace: text(
    (verdict) => verdict.destination_namespace,
    'Namespace of its pod; NULL when it is no known pod.',
  ),
  destination_pod: text((verdict) => verdict.destination_pod, 'Its pod; NULL when it is no known pod.'),
  destination_workload: text((verdict) => verdict.destination_workload, 'Outermost owner of its pod.'),
  destination_workload_kind: text((verdict) => verdict.destination_workload_kind, 'Kind of that owner.'),
  verdict: text((verdict) => verdict.verdict, 'What the policies say: `allowed`, `denied` or `unknown`.'),
  direction: text(
    (verdict) => verdict.direction,
    '`egress` or `ingress`: what denies or cannot be judged; NULL when both allow.',
  ),
  grade: text(
    (verdict) => verdict.grade,
    'Whether a policy dropped it: `proven`, `consistent`, `not a policy` or `unknown`; NULL for packets without IP addresses or protocol, which are not judged.',
  ),
  policies: {
    type: LIST(VARCHAR),
    value: (verdict) => listValue(verdict.policies),
    doc: 'The policies that decide in that direction, as namespace/name; other kinds than NetworkPolicy with their kind.',
  },
  changed_time: time(
    (verdict) => verdict.changed_time,
    'When the change that began the denial was seen, else the last that bears on it; NULL when none was seen.',
  ),
  changed_object: text((verdict) => verdict.changed_object, 'What was changed.'),
  change: text((verdict) => verdict.change, 'The change in words.'),
  allowed_before: {
    type: BOOLEAN,
    value: (verdict) => verdict.allowed_before,
    doc: 'Whether the connection was allowed before that change; NULL when the recording does not tell.',
  },
  left_out: {
    type: LIST(VARCHAR),
    value: (verdict) => listValue(verdict.left_out),
    doc: 'Sentences on policies that could not be judged and may bear on the connection.',
  },
  why: text((verdict) => verdict.why, 'The grade in one or two sentences.'),
};

/** A table that is filled when a question asks for it: who may talk to whom is beyond SQL. */
export const policyVerdicts: Relation = {
  name: 'policy_verdicts',
  title:
    'The verdict of the network policies on every dropped packet and flow, those alike added up by second',
  needs: ['packet_drops', 'kubernetes_objects'],
  orElse: ['flows'],
  columns: Object.entries(VERDICT_COLUMNS).map(([name, { type, doc }]) => ({
    name,
    type: type.toString(),
    doc,
  })),
};

function timestamp(epochNs: bigint | null): DuckDBValue {
  return epochNs === null ? null : new DuckDBTimestampNanosecondsValue(epochNs);
}
