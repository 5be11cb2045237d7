import type { Connection } from '../cluster/endpoint.js';
import type { Cluster } from './cluster.js';
import type { Likeness } from './likeness.js';
import type { Match } from './match.js';
import type { Miss } from './miss.js';
import type { PortRange } from './port_range.js';

/** One thing that a rule asks of a connection. */
export interface Clause {
  /** In words, after the preposition: `pods app=web or 10.0.0.0/8`, `TCP 80 or UDP 53`. */
  readonly text: string;
  /** What joins it to the clause before: `from`, `to`, `on`, `with`. */
  readonly preposition: string;

  /**
   * Which ends are all the same to it, for connections of one protocol and destination port. Of one that is about an end
   * that is all it looks at; another looks at no more of the ends than their families and their pods' ports. Undefined
   * where neither is so.
   */
  readonly likeness?: Likeness | undefined;

  holds(connection: Connection, cluster: Cluster): Match;

  /** Why it does not hold; asked only where `holds` says false. */
  miss(connection: Connection, cluster: Cluster): Miss;

  /** Every range of destination ports that it may tell from the others, whoever the destination is. */
  ports(cluster: Cluster): readonly PortRange[];
}

/** Whether it is about who is at an end of the connection. */
export function isAboutEnd({ preposition }: Clause): boolean {
  return preposition === 'from' || preposition === 'to';
}

/** Of a clause to which destination ports are all alike. */
export function noPorts(): readonly PortRange[] {
  return [];
}
