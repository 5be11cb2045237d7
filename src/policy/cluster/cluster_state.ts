import type { IpBytes } from '../ip.js';
import type { DataPlane } from '../rules/data_plane.js';
import type { CompiledPolicy, PolicyProtocol } from '../rules/policy.js';
import type { PolicyProblem } from '../rules/problem.js';
import type { Tier } from '../rules/tier.js';
import type { AddressGroup } from './address_group.js';

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

/** The cluster at one instant: what evaluating a connection asks of it. */
export interface ClusterState {
  /** Whose habits decide what the API leaves open. */
  readonly dataPlane: DataPlane;
  /** Who has an address, given as canonical text. */
  endpointAt(address: string): Endpoint;
  /** The pod of that name at this instant. */
  pod(namespace: string, name: string): Pod | undefined;
  /** Undefined when the namespace's labels are not known. */
  namespaceLabels(namespace: string): Labels | undefined;
  /** Undefined when the node is not known. */
  nodeLabels(node: string): Labels | undefined;
  /** Undefined when no ServiceAccount of that name was recorded. */
  serviceAccountLabels(namespace: string, name: string): Labels | undefined;
  /** Policies of a namespace, or with null those of the cluster. */
  policies(namespace: string | null): readonly CompiledPolicy[];
  /** Malformed and unknown policies of a namespace, or with null those of the cluster. */
  problems(namespace: string | null): readonly PolicyProblem[];
  /** Undefined when no tier of that name is known. */
  tier(name: string): Tier | undefined;
  /** Named groups of addresses of a kind: NetworkSet, GlobalNetworkSet, CiliumCIDRGroup. */
  addressGroups(kind: AddressGroup['kind']): readonly AddressGroup[];
  /** The ports that a service has itself; undefined when it is not known. */
  servicePorts(service: string): readonly ServicePort[] | undefined;
  /** Every number that a port of that name has in pods with a network of their own. */
  portNumbers(name: string, protocol: string): readonly number[];
  /** Where a service's port leads; undefined when the service or its backends are not known. */
  backends(service: string, port: number, protocol: string): readonly Backend[] | undefined;
  /** Addresses of every backend of a service, on whatever port; undefined when they are not known. */
  backendAddresses(service: string): readonly string[] | undefined;
  /** Whether a service's selector takes the pod; undefined where the service or its selector is not known. */
  serviceSelects(service: string, pod: Pod): boolean | undefined;
  /** Why the policies are not wholly known at this instant; undefined when they are. */
  readonly whyPoliciesUnknown: string | undefined;
  /** Why objects of that kind are not wholly known at this instant; undefined when they are. */
  whyUnknown(kind: string): string | undefined;
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
