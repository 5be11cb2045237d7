import type { IpBytes } from '../ip.js';

export type PolicyProtocol = 'TCP' | 'UDP' | 'SCTP';

export type Labels = Readonly<Record<string, string>>;

export interface ContainerPort {
  /** Null for a port without a name. */
  readonly name: string | null;
  readonly port: number;
  readonly protocol: PolicyProtocol;
}

/** What policies look at in a pod. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | null;
  readonly labels: Labels;
  /** Canonical texts. Empty before the pod has one and after it has ended. */
  readonly addresses: readonly string[];
  /** Whether its phase is Succeeded or Failed. */
  readonly hasEnded: boolean;
  /** Shares the node's network: its addresses are the node's and no policy selects it. */
  readonly hostNetwork: boolean;
  /** Null before it is scheduled. */
  readonly node: string | null;
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
}

/** Who has an address. `unknown` says why it cannot be told. */
export type Endpoint = PodEndpoint | NodeEndpoint | ServiceEndpoint | ExternalEndpoint | UnknownEndpoint;

/** `ip` holds the bytes of `address`; a pod that stands for a workload's template has neither: '' and undefined. */
export interface PodEndpoint {
  readonly kind: 'pod';
  readonly address: string;
  readonly ip: IpBytes | undefined;
  readonly pod: Pod;
}

export interface NodeEndpoint {
  readonly kind: 'node';
  readonly address: string;
  readonly ip: IpBytes | undefined;
  readonly node: string;
}

/** An address of a service, which stands for its backends. */
export interface ServiceEndpoint {
  readonly kind: 'service';
  readonly address: string;
  readonly ip: IpBytes | undefined;
  /** Namespace/name. */
  readonly service: string;
}

export interface ExternalEndpoint {
  readonly kind: 'external';
  readonly address: string;
  readonly ip: IpBytes;
}

interface UnknownEndpoint {
  readonly kind: 'unknown';
  readonly address: string;
  readonly ip: IpBytes | undefined;
  readonly why: string;
}

/** One place that a service's port leads to. */
export interface Backend {
  readonly endpoint: Endpoint;
  readonly port: number;
}

/** A port of a service itself. */
export interface ServicePort {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: string;
  /** Number or name in the pod. */
  readonly target: number | string;
}

/** One connection, from the side that opened it. */
export interface Connection {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** By its IANA keyword: TCP, UDP, SCTP, ICMP, IPv6-ICMP… */
  readonly protocol: string;
  /** Null when it is not known or the protocol has none. */
  readonly sourcePort: number | null;
  /** Null when it is not known or the protocol has none. */
  readonly destinationPort: number | null;
}
