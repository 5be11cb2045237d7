import type { ClusterState, Connection } from '../cluster/cluster_state.js';
import type { Match } from './match.js';
import type { Miss } from './miss.js';
import type { PortRange } from './port_clause.js';

/** One thing that a rule asks of a connection. */
export interface Clause {
  /** In words, after the preposition: `pods app=web or 10.0.0.0/8`, `TCP 80 or UDP 53`. */
  readonly text: string;
  /** What joins it to the clause before: `from`, `to`, `on`, `with`. */
  readonly preposition: string;

  holds(connection: Connection, cluster: ClusterState): Match;

  /** Why it does not hold; asked only where `holds` says false. */
  miss(connection: Connection, cluster: ClusterState): Miss;

  /** Every range of destination ports that it may tell from the others, whoever the destination is. */
  ports(cluster: ClusterState): readonly PortRange[];
}

/** Of a clause to which destination ports are all alike. */
export function noPorts(): readonly PortRange[] {
  return [];
}
