import type { Connection, Endpoint } from '../cluster/endpoint.js';
import { BoundedMap } from '../history/bounded_map.js';
import { objectSaid } from '../history/changed_object.js';
import type { ClusterTimeline } from '../history/timeline.js';
import { isPolicyDecision } from './drop_reasons.js';
import type { DroppedPacket, ToldNames } from './dropped_packet.js';
import { gradeDrop } from './grade.js';
import { initiatorOf } from './initiator.js';
import { type Judgement, judgeConnection, SEEN_LATE_NS, SETTLING_NS } from './judge.js';
import type { DropVerdict } from './verdict_row.js';

const CACHED_JUDGEMENTS = 50_000;
const REMEMBERED_SYNS = 100_000;

/** One end of a packet. */
interface End {
  readonly endpoint: Endpoint;
  readonly port: number | null;
}

/** Judges dropped packets one by one; what was found for one holds for the next of the same connection. */
export class DropJudge {
  private readonly cache = new BoundedMap<string, Judgement>(CACHED_JUDGEMENTS);
  /** Connections whose SYN was dropped, from the end that sent it. */
  private readonly opened = new BoundedMap<string, true>(REMEMBERED_SYNS);

  constructor(private readonly timeline: ClusterTimeline) {}

  /** The verdict on the connection that the packet belongs to, as of the time it was dropped. */
  judge(packet: DroppedPacket): DropVerdict {
    const from = this.endOf(packet.sourceAddress, packet.sourcePort, packet.time);
    const to = this.endOf(packet.destinationAddress, packet.destinationPort, packet.time);
    if (packet.tcpFlags === 'SYN') this.opened.set(wayOf(from, to), true);
    const initiator = initiatorOf({
      tcpFlags: packet.seenBy === 'netobserv' ? null : packet.tcpFlags,
      isReply: packet.isReply ?? (isJudgedAsOpening(packet) ? false : null),
      sourceOpened: this.opened.has(wayOf(from, to)),
      destinationOpened: this.opened.has(wayOf(to, from)),
      sourceListens: this.listens(from, packet),
      destinationListens: this.listens(to, packet),
    });
    const [source, destination] = initiator === 'destination' ? [to, from] : [from, to];
    const judgement =
      initiator === 'unknown'
        ? this.judgeEitherWay(packet, from, to)
        : this.judgeForward(packet, source, destination);
    return this.rowOf(packet, initiator, source, destination, judgement);
  }

  private endOf(address: string, port: number | null, time: bigint): End {
    return { endpoint: this.timeline.endpointNear(address, time, SETTLING_NS), port };
  }

  /** Whether the end is a pod that declares the port, or a service: nobody opens connections from its address. */
  private listens({ endpoint, port }: End, { protocol, time }: DroppedPacket): boolean {
    if (endpoint.kind === 'pod') {
      return endpoint.pod.ports.some((one) => one.port === port && one.protocol === protocol);
    }
    return this.timeline.history.services.addresses.at(endpoint.address, time) !== undefined;
  }

  private judgeForward(packet: DroppedPacket, source: End, destination: End): Judgement {
    const { time, reason, protocol, seenBy, deniedBy } = packet;
    const epochs = [time - SETTLING_NS, time, time + SEEN_LATE_NS].map((one) => this.timeline.epochOf(one));
    // Of all policies only Calico's look at the port that a connection comes from.
    const sourcePort = this.timeline.dataPlane === 'calico' ? source.port : null;
    const ends = [nameOf(source), sourcePort, nameOf(destination), destination.port, protocol];
    const key = [...epochs, ...ends, reason, seenBy, deniedBy.egress, deniedBy.ingress].join(' ');
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const judgement = judgeConnection(this.timeline, connectionOf(source, destination, protocol), packet);
    this.cache.set(key, judgement);
    return judgement;
  }

  /** Without knowing who opened the connection only one answer holds: both ways are allowed. */
  private judgeEitherWay(packet: DroppedPacket, from: End, to: End): Judgement {
    const there = this.judgeForward(packet, from, to);
    const back = this.judgeForward(packet, to, from);
    if (there.grade === back.grade && there.grade === 'not a policy') return there;
    const why = 'neither flags nor known listening ports tell which end opened the connection';
    const nothing = { direction: null, policies: [], change: undefined, allowedBefore: null };
    const leftOut = [...new Set([...there.leftOut, ...back.leftOut])];
    return { ...gradeDrop(packet, 'unknown', why), verdict: 'unknown', ...nothing, leftOut };
  }

  private rowOf(
    packet: DroppedPacket,
    initiator: DropVerdict['initiator'],
    source: End,
    destination: End,
    judgement: Judgement,
  ): DropVerdict {
    const { time, reason, protocol, seenBy, toldSource, toldDestination } = packet;
    const isReply = initiator === 'destination';
    const from = this.namesOf(source.endpoint) ?? (isReply ? toldDestination : toldSource) ?? NAMELESS;
    const to = this.namesOf(destination.endpoint) ?? (isReply ? toldSource : toldDestination) ?? NAMELESS;
    return {
      time,
      reason,
      seen_by: seenBy,
      initiator,
      protocol,
      source_address: source.endpoint.address,
      source_port: source.port,
      source_namespace: from.namespace,
      source_pod: from.pod,
      source_workload: from.workload,
      source_workload_kind: from.workloadKind,
      destination_address: destination.endpoint.address,
      destination_port: destination.port,
      destination_namespace: to.namespace,
      destination_pod: to.pod,
      destination_workload: to.workload,
      destination_workload_kind: to.workloadKind,
      verdict: judgement.verdict,
      direction: judgement.direction,
      grade: judgement.grade,
      policies: judgement.policies,
      changed_time: judgement.change?.time ?? null,
      changed_object: judgement.change === undefined ? null : objectSaid(judgement.change.object),
      change: judgement.change?.what ?? null,
      allowed_before: judgement.allowedBefore,
      left_out: judgement.leftOut,
      why: judgement.why,
    };
  }

  /** What the recording calls an end; undefined where it knows no pod. */
  private namesOf(endpoint: Endpoint): ToldNames | undefined {
    if (endpoint.kind !== 'pod') return undefined;
    const { pod } = endpoint;
    const workload = this.timeline.workloadOf(pod);
    return { namespace: pod.namespace, pod: pod.name, workload: workload.name, workloadKind: workload.kind };
  }
}

const NAMELESS: ToldNames = { namespace: null, pod: null, workload: null, workloadKind: null };

/** A data plane lets replies pass without asking its policies: what these denied it took for the opening of a connection. */
function isJudgedAsOpening({ reason, seenBy, deniedBy }: DroppedPacket): boolean {
  return isPolicyDecision(reason, seenBy) || deniedBy.egress.length > 0 || deniedBy.ingress.length > 0;
}

/** From one end to the other. */
function wayOf(from: End, to: End): string {
  return `${from.endpoint.address} ${from.port} ${to.endpoint.address} ${to.port}`;
}

/** Who an end is, within a stretch of time in which nothing changed. */
function nameOf({ endpoint }: End): string {
  return `${endpoint.address} ${endpoint.kind}`;
}

function connectionOf(source: End, destination: End, protocol: string): Connection {
  return {
    source: source.endpoint,
    destination: destination.endpoint,
    protocol,
    sourcePort: source.port,
    destinationPort: destination.port,
  };
}
