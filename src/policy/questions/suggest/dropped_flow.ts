import type { Connection, Endpoint } from '../../cluster/endpoint.js';
import { SETTLING_NS } from '../../drops/judge.js';
import type { ClusterTimeline } from '../../history/timeline.js';
import { evaluationAt } from '../../history/turning_point.js';

/** Packets of connections between the same addresses that a policy dropped. */
export interface DroppedFlow {
  readonly source: string;
  readonly destination: string;
  /** By its IANA keyword. */
  readonly protocol: string;
  /** Null for protocols without ports. */
  readonly port: number | null;
  readonly packets: bigint;
  /** When packets were dropped, nanoseconds since the epoch, ascending. */
  readonly times: readonly bigint[];
}

/** A dropped flow, and the last time at which the policies denied it. */
export interface DeniedFlow {
  readonly flow: DroppedFlow;
  readonly time: bigint;
  readonly connection: Connection;
}

/** The flow as the policies denied it, at each backend where it went to a service; empty where they never did. */
export function deniedFlows(timeline: ClusterTimeline, flow: DroppedFlow): DeniedFlow[] {
  for (const time of [...flow.times].reverse()) {
    const denied = connectionsOf(timeline, flow, time)
      .filter((connection) => evaluationAt(timeline, connection, time).evaluation.verdict === 'denied')
      .map((connection) => ({ flow, time, connection }));
    if (denied.length > 0) return denied;
  }
  return [];
}

function connectionsOf(timeline: ClusterTimeline, flow: DroppedFlow, time: bigint): Connection[] {
  const { protocol, port } = flow;
  const source = timeline.endpointNear(flow.source, time, SETTLING_NS);
  const destination = timeline.endpointNear(flow.destination, time, SETTLING_NS);
  const to = (end: Endpoint, destinationPort: number | null): Connection => {
    return { source, destination: end, protocol, sourcePort: null, destinationPort };
  };
  if (destination.kind !== 'service') return [to(destination, port)];
  const backends =
    port === null ? [] : (timeline.at(time).backends(destination.service, port, protocol) ?? []);
  return backends.map((backend) => to(backend.endpoint, backend.port));
}

/** Flows between the same two ends, workloads where there are such. */
export interface FlowSummary {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly port: number | null;
  readonly packets: bigint;
  /** When the first and the last packet were dropped, nanoseconds since the epoch. */
  readonly first: bigint;
  readonly last: bigint;
}

/** The flows by workload. */
export function summarised(timeline: ClusterTimeline, flows: readonly DeniedFlow[]): FlowSummary[] {
  const summaries = new Map<string, FlowSummary>();
  const counted = new Set<DroppedFlow>();
  for (const { flow, connection } of flows) {
    if (counted.has(flow)) continue;
    counted.add(flow);
    const ends = {
      source: nameOf(timeline, connection.source),
      destination: nameOf(timeline, connection.destination),
    };
    const key = [ends.source, ends.destination, flow.protocol, flow.port].join(' ');
    const [first = 0n, last = first] = [flow.times[0], flow.times.at(-1)];
    const before = summaries.get(key);
    summaries.set(key, {
      ...ends,
      protocol: flow.protocol,
      port: flow.port,
      packets: flow.packets + (before?.packets ?? 0n),
      first: before !== undefined && before.first < first ? before.first : first,
      last: before !== undefined && before.last > last ? before.last : last,
    });
  }
  return [...summaries.values()];
}

function nameOf(timeline: ClusterTimeline, end: Endpoint): string {
  if (end.kind !== 'pod') return end.address;
  return `${end.pod.namespace}/${timeline.workloadOf(end.pod).name}`;
}
