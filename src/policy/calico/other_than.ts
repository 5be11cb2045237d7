import type { Connection, Endpoint } from '../cluster/endpoint.js';
import type { Clause } from '../rules/clause.js';
import type { Cluster } from '../rules/cluster.js';
import { EndClause } from '../rules/end_clause.js';
import type { Likeness } from '../rules/likeness.js';
import { type Match, not } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import type { PortRange } from '../rules/port_range.js';

/** Asks that one end of the connection belongs to none of the sets. */
export class OtherThan extends EndClause {
  override readonly text: string = `anything but ${this.sets.map((set) => set.text).join(' or ')}`;

  override has(endpoint: Endpoint, cluster: Cluster): Match {
    return not(super.has(endpoint, cluster));
  }

  override miss(connection: Connection): Miss {
    const { kind, address } = connection[this.end];
    const who = `the ${this.end} ${kind === 'pod' ? 'pod' : address}`;
    return { distance: 1, asks: this.text, actual: `${who} is among those` };
  }
}

/** Asks for none of the ports. */
export class OtherPorts implements Clause {
  readonly likeness: Likeness | undefined;
  readonly preposition: string;
  readonly text: string;

  constructor(private readonly others: Clause) {
    this.likeness = others.likeness;
    this.preposition = others.preposition;
    this.text = `ports other than ${others.text}`;
  }

  holds(connection: Connection, cluster: Cluster): Match {
    return not(this.others.holds(connection, cluster));
  }

  miss(): Miss {
    return { distance: 0.5, asks: this.text, actual: 'the connection has one of those' };
  }

  ports(cluster: Cluster): readonly PortRange[] {
    return this.others.ports(cluster);
  }
}
