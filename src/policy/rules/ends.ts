import type { Connection, Endpoint, NodeEndpoint, Pod } from '../cluster/endpoint.js';
import type { Direction } from './policy.js';

/** The end at which a direction is judged: the destination for ingress, the source for egress. */
export function subjectOf(direction: Direction, { source, destination }: Connection): Endpoint {
  return direction === 'ingress' ? destination : source;
}

/** The end that a direction's rules name as their peer. */
export function peerEndOf(direction: Direction, { source, destination }: Connection): Endpoint {
  return direction === 'ingress' ? source : destination;
}

/** Whether both are the pod of one name, perhaps at different times. */
export function isSamePod(a: Pod, b: Pod): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

/** `192.168.0.1 is node n1`. */
export function nodeSaid({ address, node }: NodeEndpoint): string {
  return `${address} is node ${node}`;
}
