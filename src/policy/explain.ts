import type { ClusterState, Connection, Endpoint } from './cluster_state.js';
import { describePeer, describePorts } from './describe.js';
import { peerEndOf } from './ends.js';
import { cidrContains, parseIp } from './ip.js';
import { matchPeer, matchPort, portNumbers } from './match.js';
import type {
  BlockPeer,
  CompiledPolicy,
  Direction,
  Peer,
  PodPeer,
  PortRange,
  Rule,
} from './network_policy.js';
import type { Labels } from './selector.js';

/** Why one policy does not allow a connection: its nearest rule, counted from zero, and the clause that failed. */
export interface Denial {
  /** Undefined for a policy without rules in this direction. */
  readonly rule: number | undefined;
  readonly why: string;
}

/** A clause that failed, and how far it is from holding: the nearest is the one to tell people about. */
interface Miss {
  readonly distance: number;
  readonly allows: string;
  readonly actual: string;
}

/** Explains a denial; to be asked only of policies that isolate the pod and do not allow the connection. */
export function explainDenial(
  policy: CompiledPolicy,
  direction: Direction,
  connection: Connection,
  state: ClusterState,
): Denial {
  const rules = policy.rules[direction] ?? [];
  const misses = rules.map((rule) => missOf(rule, policy, direction, connection, state));
  const nearest = nearestOf(misses);
  if (nearest === undefined)
    return { rule: undefined, why: `it has no ${direction} rules, so it allows nothing` };
  const rule = misses.indexOf(nearest);
  return { rule, why: `${direction} rule ${rule} allows ${nearest.allows}, ${nearest.actual}` };
}

function missOf(
  rule: Rule,
  policy: CompiledPolicy,
  direction: Direction,
  connection: Connection,
  state: ClusterState,
): Miss {
  const peer = missedPeer(rule.peers, policy.namespace, direction, connection, state);
  const port = missedPort(rule.ports, connection);
  const missed = [peer, port].filter((miss) => miss !== undefined);
  return {
    distance: missed.reduce((sum, miss) => sum + miss.distance, 0),
    allows: (peer === undefined ? 'only ' : '') + missed.map((miss) => miss.allows).join(' on '),
    actual: missed.map((miss) => miss.actual).join(' and '),
  };
}

/** The nearest of the rule's peers; undefined when one of them is, or may be, the connection's other end. */
function missedPeer(
  peers: readonly Peer[] | undefined,
  namespace: string,
  direction: Direction,
  connection: Connection,
  state: ClusterState,
): Miss | undefined {
  if (peers === undefined) return undefined;
  if (peers.some((peer) => matchPeer(peer, namespace, direction, connection, state) !== 'no'))
    return undefined;
  const other = peerEndOf(direction, connection);
  const role = direction === 'ingress' ? 'the source' : 'the destination';
  return nearestOf(peers.map((peer) => missOfPeer(peer, namespace, other, role, state)));
}

function missOfPeer(peer: Peer, namespace: string, other: Endpoint, role: string, state: ClusterState): Miss {
  const allows = describePeer(peer);
  if ('block' in peer) return { distance: 20, allows, actual: missOfBlock(peer, other, role) };
  if (other.kind !== 'pod') {
    const what = other.kind === 'node' ? `is node ${other.node}` : 'is not a pod of this cluster';
    return { distance: 30, allows, actual: `${role} ${other.address} ${what}` };
  }
  const wrong = missedClauses(peer, namespace, other.pod, role, state);
  const ownNamespace = peer.namespaces === undefined && other.pod.namespace !== namespace;
  return {
    distance: wrong.length,
    allows: ownNamespace ? `${allows} of its own namespace ${namespace}` : allows,
    actual: wrong.join(' and '),
  };
}

function missedClauses(
  peer: PodPeer,
  namespace: string,
  pod: { readonly namespace: string; readonly labels: Labels },
  role: string,
  state: ClusterState,
): string[] {
  const wrong: string[] = [];
  const keys = peer.pods?.failedKeys(pod.labels) ?? [];
  if (keys.length > 0) wrong.push(`${role} pod has ${labelsSaid(keys, pod.labels)}`);
  if (peer.namespaces === undefined) {
    if (pod.namespace !== namespace) wrong.push(`${role} pod is in namespace ${pod.namespace}`);
    return wrong;
  }
  const labels = state.namespaceLabels(pod.namespace) ?? {};
  const missing = peer.namespaces.failedKeys(labels);
  if (missing.length > 0)
    wrong.push(`${role}'s namespace ${pod.namespace} has ${labelsSaid(missing, labels)}`);
  return wrong;
}

function missOfBlock({ except }: BlockPeer, other: Endpoint, role: string): string {
  const bytes = parseIp(other.address);
  const isExcepted = bytes !== undefined && except.some((cidr) => cidrContains(cidr, bytes));
  const who = other.kind === 'pod' ? `${role} pod has ${other.address}, which` : `${role} ${other.address}`;
  return `${who} is ${isExcepted ? 'among the exceptions' : 'outside'}`;
}

function missedPort(ports: readonly PortRange[] | undefined, connection: Connection): Miss | undefined {
  if (ports === undefined || ports.some((range) => matchPort(range, connection) !== 'no')) return undefined;
  const actual = `the connection is to ${connection.protocol} ${connection.destinationPort ?? ''}`.trimEnd();
  const named = ports.flatMap((range) => namedPortSaid(range, connection) ?? []);
  return { distance: 0.5, allows: describePorts(ports), actual: [actual, ...named].join(', ') };
}

/** What a port's name stands for in the destination pod, where the rule goes by name. */
function namedPortSaid({ port, protocol }: PortRange, { destination }: Connection): string | undefined {
  if (typeof port !== 'string') return undefined;
  if (destination.kind !== 'pod') return `and only a pod has a port named ${port}`;
  const numbers = portNumbers(destination.pod, port, protocol);
  if (numbers.length === 0) return `and the destination pod has no ${protocol} port named ${port}`;
  return `and ${port} is ${numbers.join(' and ')} in the destination pod`;
}

function labelsSaid(keys: readonly string[], labels: Labels): string {
  const said = keys.map((key) => (Object.hasOwn(labels, key) ? `${key}=${labels[key]}` : `no label ${key}`));
  return said.join(' and ');
}

/** The first of the nearest. */
function nearestOf(misses: readonly Miss[]): Miss | undefined {
  return misses.reduce<Miss | undefined>(
    (best, miss) => (best === undefined || miss.distance < best.distance ? miss : best),
    undefined,
  );
}
