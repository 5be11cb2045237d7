import { DecodeError } from '../../errors.js';
import { protocolName, TCP_FLAGS } from '../../schema/packet_names.js';
import type { Fields } from '../flows/fields.js';
import type { FlowRow } from '../flows/flow_row.js';
import { namedPolicies } from './network_events.js';

const [MILLISECOND, SECOND] = [1_000_000n, 1_000_000_000n];

/** Fields of which every flow has one. */
const OF_A_FLOW = ['SrcAddr', 'SrcMac', 'Etype', 'Proto', 'Bytes', 'Packets'];

/** The agent's flags: those of TCP, and one each for packets with two of them (bpf/utils.h of the agent). */
const FLAGS = [...TCP_FLAGS, 'SYN_ACK', 'FIN_ACK', 'RST_ACK'];

/** The agent gives drop reasons by name. */
const NO_NUMBERS: ReadonlyMap<number, string> = new Map();

const DIRECTIONS = new Map([
  [0, 'ingress'],
  [1, 'egress'],
  [2, 'inner'],
]);

/**
 * The row of a flow as netobserv writes it, flattened; `at` is the time of flows that have none. Throws a DecodeError
 * that names the field which is not what it must be.
 */
export function flowRow(flow: Fields, at: bigint | null): FlowRow {
  if (!OF_A_FLOW.some((name) => flow.has(name))) {
    const found = flow.names.slice(0, 5).join(', ') || '{}';
    throw new DecodeError(`expected a flow of netobserv with SrcAddr, Bytes or Packets; found ${found}`);
  }
  const time = flow.epoch('TimeFlowStartMs', MILLISECOND) ?? flow.epoch('TimeReceived', SECOND) ?? at;
  if (time === null) throw new DecodeError('TimeFlowStartMs: missing; expected when the flow began');
  const protocol = flow.number('Proto', 255);
  const flags = tcpFlags(flow);
  const policies = namedPolicies(flow);
  return {
    time,
    end_time: flow.epoch('TimeFlowEndMs', MILLISECOND),
    tool: 'netobserv',
    node_name: nodeName(flow),
    ...drops(flow, [...(policies.ingress_denied_by ?? []), ...(policies.egress_denied_by ?? [])]),
    source_address: flow.address('SrcAddr'),
    source_port: flow.number('SrcPort', 65535),
    destination_address: flow.address('DstAddr'),
    destination_port: flow.number('DstPort', 65535),
    protocol: protocol === null ? null : protocolName(protocol),
    tcp_flags: flags?.join(',') ?? null,
    icmp_type: flow.number('IcmpType', 255),
    icmp_code: flow.number('IcmpCode', 255),
    traffic_direction: flow.enumeration('FlowDirection', DIRECTIONS),
    is_reply: isReply(flags),
    interface: interfaces(flow),
    ...endpoint('source', 'Src', flow),
    ...endpoint('destination', 'Dst', flow),
    packets: flow.count('Packets'),
    bytes: flow.count('Bytes'),
    ...policies,
  };
}

/** The agent knows its node by address; the flow's ends may tell its name. */
function nodeName(flow: Fields): string | null {
  const agent = flow.text('AgentIP');
  const end = ['SrcK8S', 'DstK8S'].find((key) => agent !== null && flow.text(`${key}_HostIP`) === agent);
  return (end === undefined ? null : flow.text(`${end}_HostName`)) ?? agent;
}

/** What was dropped of it, and why the last packet was, by the kernel's name without the prefix of its enum. */
function drops(flow: Fields, deniedBy: readonly string[]): Partial<FlowRow> {
  const packets = flow.count('PktDropPackets') || null;
  const dropped = packets !== null || deniedBy.length > 0;
  return {
    verdict: dropped ? 'DROPPED' : null,
    reason: flow.enumeration('PktDropLatestDropCause', NO_NUMBERS)?.replace(/^SKB_DROP_REASON_/, '') ?? null,
    dropped_packets: packets,
    dropped_bytes: flow.count('PktDropBytes') || null,
  };
}

/** Flags by name: as bits, as newer versions list them, or null when it is not TCP. */
function tcpFlags(flow: Fields): string[] | null {
  if (!flow.has('Flags')) return null;
  if (flow.isList('Flags')) return flow.texts('Flags');
  const bits = flow.number('Flags', 2 ** 16 - 1) ?? 0;
  return FLAGS.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

/** A client sends SYN alone and a server SYN with ACK; a flow that began before the capture shows neither. */
function isReply(flags: readonly string[] | null): boolean | null {
  if (flags?.includes('SYN_ACK')) return true;
  return flags?.includes('SYN') ? false : null;
}

function interfaces(flow: Fields): string | null {
  const names = flow.has('Interfaces') ? flow.texts('Interfaces') : [flow.text('Interface') ?? ''];
  return [...new Set(names)].join(',') || null;
}

function endpoint(end: 'source' | 'destination', key: 'Src' | 'Dst', flow: Fields): Partial<FlowRow> {
  const isPod = flow.text(`${key}K8S_Type`) === 'Pod';
  return {
    [`${end}_namespace`]: flow.text(`${key}K8S_Namespace`),
    [`${end}_pod`]: isPod ? flow.text(`${key}K8S_Name`) : null,
    [`${end}_workload`]: flow.text(`${key}K8S_OwnerName`),
    [`${end}_workload_kind`]: flow.text(`${key}K8S_OwnerType`),
  };
}
