import type { Endpoint } from '../cluster/endpoint.js';
import type { Cidr } from '../ip.js';
import type { Cluster } from './cluster.js';
import type { Match } from './match.js';
import type { Miss } from './miss.js';

/** A set of endpoints as policies describe them: pods by their labels, an address block, nodes, an entity. */
export interface EndpointSet {
  /** In words: `pods app=web of namespaces team=a`, `10.0.0.0/8 except 10.1.0.0/16`. */
  readonly text: string;

  /** Where ends that are alike are the same to it: the blocks by whose borders they are (Likeness). */
  readonly likeness?: readonly Cidr[];

  /**
   * Whether the endpoint belongs to it; never asked of one that is unknown. For a pod that depends on nothing but the
   * pod and the cluster.
   */
  has(endpoint: Endpoint, cluster: Cluster): Match;

  /**
   * Why the endpoint does not belong to it; asked only where `has` says false.
   * @param role the endpoint's in the connection: `the source` or `the destination`.
   */
  whyNot(endpoint: Endpoint, role: Role, cluster: Cluster): Miss;
}

export type Role = 'the source' | 'the destination';
