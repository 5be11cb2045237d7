import type { Direction } from '../rules/policy.js';

/** Who saw the drop: the kernel's own tracepoint, or a tool whose flows were imported. */
export type SeenBy = 'kernel' | 'hubble' | 'netobserv';

/** What a tool said of an end that it knew. */
export interface ToldNames {
  readonly namespace: string | null;
  readonly pod: string | null;
  readonly workload: string | null;
  readonly workloadKind: string | null;
}

/** A dropped packet: what the verdict on it needs of a row of packet_drops or flows. */
export interface DroppedPacket {
  readonly seenBy: SeenBy;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  /** The kernel's drop reason by name. */
  readonly reason: string;
  readonly sourceAddress: string;
  /** Null for protocols without ports and later fragments. */
  readonly sourcePort: number | null;
  readonly destinationAddress: string;
  readonly destinationPort: number | null;
  /** By its IANA keyword. */
  readonly protocol: string;
  /** `SYN`, `SYN,ACK`…; null when not TCP. */
  readonly tcpFlags: string | null;
  /** Whether the tool knows it for a reply; null where it does not say. */
  readonly isReply: boolean | null;
  /** Policies that the data plane itself named as denying it, by the direction in which they do. */
  readonly deniedBy: { readonly [D in Direction]: readonly string[] };
  /** What the tool called the packet's ends. */
  readonly toldSource: ToldNames | null;
  readonly toldDestination: ToldNames | null;
}
