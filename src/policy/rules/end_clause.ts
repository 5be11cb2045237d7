import type { Connection, Endpoint } from '../cluster/endpoint.js';
import { type Clause, noPorts } from './clause.js';
import type { Cluster } from './cluster.js';
import type { EndpointSet, Role } from './endpoint_set.js';
import { nodeSaid } from './ends.js';
import type { Likeness } from './likeness.js';
import { anyOf, type Match, unknown } from './match.js';
import type { Miss } from './miss.js';

/** Asks that one end of the connection belongs to one of the sets. */
export class EndClause implements Clause {
  readonly ports = noPorts;
  readonly preposition: string;
  readonly text: string;
  readonly likeness: Likeness;

  constructor(
    readonly end: 'source' | 'destination',
    /** One at least. */
    readonly sets: readonly EndpointSet[],
  ) {
    this.preposition = end === 'source' ? 'from' : 'to';
    this.text = sets.map((set) => set.text).join(' or ');
    this.likeness = likenessOf(sets);
  }

  holds(connection: Connection, cluster: Cluster): Match {
    return this.has(connection[this.end], cluster);
  }

  /** Whether the endpoint can be that end. For a pod it depends on nothing but the pod and the cluster. */
  has(endpoint: Endpoint, cluster: Cluster): Match {
    if (endpoint.kind === 'unknown') return unknown(endpoint.why);
    const match = anyOf(this.sets, (set) => set.has(endpoint, cluster));
    // What comes from another node's address may be one of its pods behind that address.
    if (match !== false || endpoint.kind !== 'node' || this.end !== 'source') return match;
    return unknown(`${nodeSaid(endpoint)}, which may stand for one of its pods`);
  }

  /** The nearest of the sets that the end does not belong to. */
  miss(connection: Connection, cluster: Cluster): Miss {
    const role: Role = `the ${this.end}`;
    const misses = this.sets.map((set) => set.whyNot(connection[this.end], role, cluster));
    return misses.reduce((nearest, miss) => (miss.distance < nearest.distance ? miss : nearest));
  }
}

function likenessOf(sets: readonly EndpointSet[]): Likeness {
  const blocks = sets.flatMap(({ likeness = [] }) => likeness);
  return sets.every(({ likeness }) => likeness !== undefined) ? blocks : 'pod';
}
