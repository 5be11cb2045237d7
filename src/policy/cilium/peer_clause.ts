import type { Connection, Endpoint, PodEndpoint } from '../cluster/endpoint.js';
import { type Clause, noPorts } from '../rules/clause.js';
import type { Cluster } from '../rules/cluster.js';
import type { EndpointSet, Role } from '../rules/endpoint_set.js';
import { peerEndOf, subjectOf } from '../rules/ends.js';
import { anyOf, type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import type { Direction } from '../rules/policy.js';

/** Like an EndpointSet, but it may depend on the pod that the policy is about: its own node is not like others. */
export interface Peer extends Pick<EndpointSet, 'text' | 'whyNot'> {
  /** @param ownNode the node of that pod; null before it is scheduled. */
  has(endpoint: Endpoint, cluster: Cluster, ownNode: string | null): Match;
  /** The same as a set, where it is nothing but pods by their labels. */
  readonly pods?: EndpointSet | undefined;
}

/** Asks that the peer is one of these, going by what its address is to Cilium. */
export class PeerClause implements Clause {
  readonly likeness = 'pod';
  readonly ports = noPorts;
  readonly preposition: string;
  readonly text: string;
  private readonly role: Role;

  constructor(
    private readonly direction: Direction,
    private readonly peers: readonly Peer[],
  ) {
    this.preposition = direction === 'ingress' ? 'from' : 'to';
    this.role = direction === 'ingress' ? 'the source' : 'the destination';
    this.text = peers.map((peer) => peer.text).join(' or ');
  }

  holds(connection: Connection, cluster: Cluster): Match {
    const endpoint = peerEndOf(this.direction, connection);
    if (endpoint.kind === 'unknown') return unknown(endpoint.why);
    // Rules are tried at pods only.
    const { pod } = subjectOf(this.direction, connection) as PodEndpoint;
    return anyOf(this.peers, (peer) => peer.has(endpoint, cluster, pod.node));
  }

  miss(connection: Connection, cluster: Cluster): Miss {
    const endpoint = peerEndOf(this.direction, connection);
    const misses = this.peers.map((peer) => peer.whyNot(endpoint, this.role, cluster));
    return misses.reduce((best, miss) => (miss.distance < best.distance ? miss : best));
  }
}

/** What nothing matches: a rule with nothing in it, or one with an empty list. */
export function nobody(direction: Direction): Clause {
  return new PeerClause(direction, [NOBODY]);
}

const NOBODY: Peer = {
  text: 'nobody',
  has: () => false,
  whyNot: () => ({ distance: 100, asks: 'nobody', actual: 'so it matches nothing' }),
};

/** Who is at one end, for people: `the source is pod shop/web`, `the source 192.168.0.1 is node n1`. */
export function whoIs(endpoint: Endpoint, role: Role): string {
  const { address } = endpoint;
  if (endpoint.kind === 'pod') return `${role} is pod ${endpoint.pod.namespace}/${endpoint.pod.name}`;
  if (endpoint.kind === 'node') return `${role} ${address} is node ${endpoint.node}`;
  return `${role} ${address} is outside the cluster`;
}
