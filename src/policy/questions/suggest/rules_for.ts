import type { JsonObject } from '../../../kubernetes/json.js';
import type { Connection } from '../../cluster/endpoint.js';
import { peerEndOf } from '../../rules/ends.js';
import type { Direction } from '../../rules/policy.js';
import type { Selectors } from './selectors.js';

/** What NetworkPolicy calls a direction and the peers in it. */
export const FIELDS = {
  ingress: { peers: 'from', type: 'Ingress' },
  egress: { peers: 'to', type: 'Egress' },
} as const;

/** Connections that a direction's rules are to allow. */
interface Wanted {
  readonly direction: Direction;
  readonly connections: readonly Connection[];
  readonly selectors: Selectors;
}

/** Rules that allow the connections alone: peers of the same ports share one. Empty where a peer cannot be named. */
export function rulesFor({ direction, connections, selectors }: Wanted, namespace: string): JsonObject[] {
  const portsOfPeers = new Map<string, Map<string, JsonObject>>();
  for (const connection of connections) {
    const peer = selectors.peer(peerEndOf(direction, connection), namespace);
    const port = portOf(connection);
    if (peer === undefined || port === undefined) return [];
    const key = JSON.stringify(peer);
    portsOfPeers.set(key, (portsOfPeers.get(key) ?? new Map()).set(JSON.stringify(port), port));
  }
  const peersOfPorts = new Map<string, { ports: JsonObject[]; peers: unknown[] }>();
  for (const [peer, ports] of portsOfPeers) {
    const key = [...ports.keys()].sort().join();
    const rule = peersOfPorts.get(key) ?? { ports: [...ports.values()], peers: [] };
    rule.peers.push(JSON.parse(peer));
    peersOfPorts.set(key, rule);
  }
  return [...peersOfPorts.values()].map(({ peers, ports }) => ({ [FIELDS[direction].peers]: peers, ports }));
}

/** Undefined for what NetworkPolicy has no ports for. */
export function portOf({ protocol, destinationPort }: Connection): JsonObject | undefined {
  return destinationPort === null ? undefined : { protocol, port: destinationPort };
}

/** Each once, as JSON tells them apart. */
export function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
