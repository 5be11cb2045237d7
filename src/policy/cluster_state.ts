import type { CompiledPolicy, PolicyProtocol } from './network_policy.js';
import type { PolicyProblem } from './problem.js';
import type { Labels } from './selector.js';

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
  /** Canonical texts. Empty before the pod has one and after its phase is Succeeded or Failed. */
  readonly addresses: readonly string[];
  /** Shares the node's network: its addresses are the node's and no policy selects it. */
  readonly hostNetwork: boolean;
  /** Null before it is scheduled. */
  readonly node: string | null;
  readonly ports: readonly ContainerPort[];
}

/** Who has an address. `unknown` says why it cannot be told. */
export type Endpoint =
  | { readonly kind: 'pod'; readonly address: string; readonly pod: Pod }
  | { readonly kind: 'node'; readonly address: string; readonly node: string }
  | { readonly kind: 'external'; readonly address: string }
  | { readonly kind: 'unknown'; readonly address: string; readonly why: string };

/** The cluster at one instant: what evaluating a connection asks of it. */
export interface ClusterState {
  /** Who has an address, given as canonical text. */
  endpointAt(address: string): Endpoint;
  /** The pod of that name at this instant. */
  pod(namespace: string, name: string): Pod | undefined;
  /** Undefined when the namespace's labels are not known. */
  namespaceLabels(namespace: string): Labels | undefined;
  policiesIn(namespace: string): readonly CompiledPolicy[];
  problemsIn(namespace: string): readonly PolicyProblem[];
  /** Why objects of that kind are not wholly known at this instant; undefined when they are. */
  whyUnknown(kind: 'Pod' | 'Namespace' | 'NetworkPolicy'): string | undefined;
}

/** One connection, from the side that opened it. */
export interface Connection {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** By its IANA keyword. Policies speak of TCP, UDP and SCTP only. */
  readonly protocol: string;
  /** Null when it is not known or the protocol has none. */
  readonly destinationPort: number | null;
}
