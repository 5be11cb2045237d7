import type { ClusterState, Connection, Endpoint } from '../cluster/cluster_state.js';
import { nodeSaid } from '../cluster/ends.js';
import type { Clause } from './clause.js';
import type { EndpointSet, Role } from './endpoint_set.js';
import { anyOf, type Match, unknown } from './match.js';
import { type Miss, nearestOf } from './miss.js';

/** Asks that one end of the connection belongs to one of the sets. */
export class EndClause implements Clause {
  readonly preposition: string;

  constructor(
    readonly end: 'source' | 'destination',
    readonly sets: readonly EndpointSet[],
  ) {
    this.preposition = end === 'source' ? 'from' : 'to';
  }

  get text(): string {
    return this.sets.map((set) => set.text).join(' or ');
  }

  holds(connection: Connection, cluster: ClusterState): Match {
    return this.has(connection[this.end], cluster);
  }

  /** Whether the endpoint can be that end. For a pod it depends on nothing but the pod and the cluster. */
  has(endpoint: Endpoint, cluster: ClusterState): Match {
    if (endpoint.kind === 'unknown') return unknown(endpoint.why);
    const match = anyOf(this.sets, (set) => set.has(endpoint, cluster));
    // What comes from another node's address may be one of its pods behind that address.
    if (match !== false || endpoint.kind !== 'node' || this.end !== 'source') return match;
    return unknown(`${nodeSaid(endpoint)}, which may stand for one of its pods`);
  }

  miss(connection: Connection, cluster: ClusterState): Miss {
    const role: Role = `the ${this.end}`;
    const misses = this.sets.map((set) => set.whyNot(connection[this.end], role, cluster));
    return nearestOf(misses) ?? { distance: 100, asks: 'nobody', actual: 'so it matches nothing' };
  }
}
