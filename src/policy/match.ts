import type { ClusterState, Connection, Endpoint, Pod } from './cluster_state.js';
import { peerEndOf } from './ends.js';
import { cidrContains, parseIp } from './ip.js';
import type {
  BlockPeer,
  CompiledPolicy,
  Direction,
  Peer,
  PodPeer,
  PortRange,
  Rule,
} from './network_policy.js';

/** Whether something matches; `unknown` where the recording lacks what would tell. */
export type Match = 'yes' | 'no' | 'unknown';

/** Whether a rule of `policy` allows the connection. */
export function matchRule(
  rule: Rule,
  policy: CompiledPolicy,
  direction: Direction,
  connection: Connection,
  state: ClusterState,
): Match {
  const ports = anyOf(rule.ports, (range) => matchPort(range, connection));
  if (ports === 'no') return 'no';
  const peers = anyOf(rule.peers, (peer) => matchPeer(peer, policy.namespace, direction, connection, state));
  return peers === 'yes' ? ports : peers;
}

/** Whether the connection's other end is the peer: the source of ingress, the destination of egress. */
export function matchPeer(
  peer: Peer,
  policyNamespace: string,
  direction: Direction,
  connection: Connection,
  state: ClusterState,
): Match {
  const other = peerEndOf(direction, connection);
  if (other.kind === 'unknown') return 'unknown';
  const match = 'block' in peer ? matchBlock(peer, other) : matchPods(peer, policyNamespace, other, state);
  // A source that is another node may be one of its pods behind the node's address.
  return match === 'no' && other.kind === 'node' && direction === 'ingress' ? 'unknown' : match;
}

/** Whether the connection's protocol and port are in the range. */
export function matchPort({ protocol, port, endPort }: PortRange, connection: Connection): Match {
  if (protocol !== connection.protocol) return 'no';
  if (port === undefined) return 'yes';
  const actual = connection.destinationPort;
  if (actual === null) return 'unknown';
  if (typeof port === 'number') return yesOrNo(actual >= port && actual <= (endPort ?? port));
  const { destination } = connection;
  if (destination.kind === 'unknown') return 'unknown';
  return yesOrNo(destination.kind === 'pod' && portNumbers(destination.pod, port, protocol).includes(actual));
}

/** The numbers that a port name stands for in one pod. */
export function portNumbers(pod: Pod, name: string, protocol: string): number[] {
  return pod.ports
    .filter((port) => port.name === name && port.protocol === protocol)
    .map((port) => port.port);
}

function matchPods(peer: PodPeer, policyNamespace: string, other: Endpoint, state: ClusterState): Match {
  if (other.kind !== 'pod') return 'no';
  if (peer.pods?.matches(other.pod.labels) === false) return 'no';
  if (peer.namespaces === undefined) return yesOrNo(other.pod.namespace === policyNamespace);
  if (peer.namespaces.isEmpty) return 'yes';
  const labels = state.namespaceLabels(other.pod.namespace);
  return labels === undefined ? 'unknown' : yesOrNo(peer.namespaces.matches(labels));
}

function matchBlock({ block, except }: BlockPeer, other: Endpoint): Match {
  const address = parseIp(other.address);
  if (address === undefined) return 'unknown';
  return yesOrNo(cidrContains(block, address) && !except.some((cidr) => cidrContains(cidr, address)));
}

/** Missing items mean: no restriction. */
function anyOf<T>(items: readonly T[] | undefined, match: (item: T) => Match): Match {
  if (items === undefined) return 'yes';
  let best: Match = 'no';
  for (const item of items) {
    const one = match(item);
    if (one === 'yes') return 'yes';
    if (one === 'unknown') best = 'unknown';
  }
  return best;
}

function yesOrNo(condition: boolean): Match {
  return condition ? 'yes' : 'no';
}
