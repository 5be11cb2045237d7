import { DecodeError } from '../../errors.js';
import { TCP_FLAGS } from '../../schema/packet_names.js';
import type { Fields } from '../flows/fields.js';
import type { FlowRow } from '../flows/flow_row.js';
import { DROP_REASONS, dropReasonNumber } from './drop_reason.js';
import { policies } from './policies.js';

const VERDICTS = named([
  'VERDICT_UNKNOWN',
  'FORWARDED',
  'DROPPED',
  'ERROR',
  'AUDIT',
  'REDIRECTED',
  'TRACED',
  'TRANSLATED',
]);
const DIRECTIONS = named(['TRAFFIC_DIRECTION_UNKNOWN', 'INGRESS', 'EGRESS']);

/** Types of Cilium's monitor events (pkg/monitor/api/types.go), by the names that `hubble observe --type` takes. */
const EVENT_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'drop'],
  [2, 'debug'],
  [3, 'capture'],
  [4, 'trace'],
  [5, 'policy-verdict'],
  [6, 'recorder'],
  [7, 'trace-sock'],
  [129, 'l7'],
  [130, 'agent'],
]);

/** The protocols of `Layer4`, with their IANA keywords. */
const PROTOCOLS = { TCP: 'TCP', UDP: 'UDP', SCTP: 'SCTP', ICMPv4: 'ICMP', ICMPv6: 'IPv6-ICMP' };
/** Those that newer versions know by name alone. */
const WITHOUT_FIELDS = ['VRRP', 'IGMP'];

/** Largest value of a uint32. */
const UINT32 = 2 ** 32 - 1;

/** The row of a flow (`flow.Flow`); `event` is what it came in, or itself. */
export function flowRow(flow: Fields, event: Fields): FlowRow {
  const time = flow.time('time') ?? event.time('time');
  if (time === null) throw new DecodeError('flow.time: missing; expected when it was seen');
  const ip = flow.message('IP');
  return {
    time,
    tool: 'hubble',
    node_name: flow.text('node_name') ?? event.text('node_name'),
    event_type: eventType(flow.message('event_type')),
    verdict: known(flow.enumeration('verdict', VERDICTS)),
    ...dropReason(flow),
    source_address: ip.address('source'),
    destination_address: ip.address('destination'),
    ...transport(flow.message('l4')),
    traffic_direction: known(flow.enumeration('traffic_direction', DIRECTIONS))?.toLowerCase() ?? null,
    // The older `reply` is false also where nobody knew.
    is_reply: flow.flag('is_reply') ?? (flow.flag('reply') === true ? true : null),
    interface: flow.message('interface').text('name'),
    ...endpoint('source', flow.message('source')),
    ...endpoint('destination', flow.message('destination')),
    ingress_allowed_by: policies(flow, 'ingress_allowed_by'),
    ingress_denied_by: policies(flow, 'ingress_denied_by'),
    egress_allowed_by: policies(flow, 'egress_allowed_by'),
    egress_denied_by: policies(flow, 'egress_denied_by'),
  };
}

function eventType(event: Fields): string | null {
  const type = event.number('type', UINT32);
  return type === null ? null : (EVENT_TYPES.get(type) ?? String(type));
}

/** `drop_reason_desc`, or the number alone that versions before it gave. */
function dropReason(flow: Fields): Pick<FlowRow, 'reason' | 'reason_code'> {
  const reason =
    known(flow.enumeration('drop_reason_desc', DROP_REASONS)) ??
    known(flow.enumeration('drop_reason', DROP_REASONS));
  return { reason, reason_code: reason === null ? null : dropReasonNumber(reason) };
}

function transport(l4: Fields): Partial<FlowRow> {
  for (const [name, protocol] of Object.entries(PROTOCOLS)) {
    if (!l4.has(name)) continue;
    const header = l4.message(name);
    // Protobuf leaves zeros out, and type 0 is an echo reply.
    const byte = (field: string) => header.number(field, 255) ?? 0;
    if (name.startsWith('ICMP')) return { protocol, icmp_type: byte('type'), icmp_code: byte('code') };
    return {
      protocol,
      source_port: header.number('source_port', 65535),
      destination_port: header.number('destination_port', 65535),
      tcp_flags: header.has('flags') ? tcpFlags(header.message('flags')) : null,
    };
  }
  return { protocol: WITHOUT_FIELDS.find((name) => l4.has(name)) ?? null };
}

function tcpFlags(flags: Fields): string {
  return [...TCP_FLAGS, 'NS'].filter((name) => flags.flag(name) === true).join(',');
}

function endpoint(end: 'source' | 'destination', fields: Fields): Partial<FlowRow> {
  const workload = fields.messages('workloads')[0];
  return {
    [`${end}_namespace`]: fields.text('namespace'),
    [`${end}_pod`]: fields.text('pod_name'),
    [`${end}_workload`]: workload?.text('name') ?? null,
    [`${end}_workload_kind`]: workload?.text('kind') ?? null,
    [`${end}_labels`]: fields.texts('labels'),
  };
}

/** Protobuf's zeros of these enums, by which a value that nobody knew may be written. */
const UNKNOWN = new Set(['VERDICT_UNKNOWN', 'TRAFFIC_DIRECTION_UNKNOWN', 'DROP_REASON_UNKNOWN']);

function known(name: string | null): string | null {
  return name === null || UNKNOWN.has(name) ? null : name;
}

function named(names: readonly string[]): ReadonlyMap<number, string> {
  return new Map(names.entries());
}
