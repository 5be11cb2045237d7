import type { Connection } from '../cluster/endpoint.js';
import { type Clause, noPorts } from './clause.js';
import type { Cluster } from './cluster.js';
import type { EndpointSet, Role } from './endpoint_set.js';
import { NO_BLOCKS } from './likeness.js';
import { type Match, unknown } from './match.js';
import type { Miss } from './miss.js';

/** Endpoints named by what an address does not tell, such as a domain name. */
export class UnjudgedSet implements EndpointSet {
  readonly likeness = NO_BLOCKS;

  constructor(
    readonly text: string,
    /** As a clause: `domain names cannot be judged from addresses`. */
    private readonly why: string,
  ) {}

  has(): Match {
    return unknown(this.why);
  }

  whyNot(_endpoint: unknown, role: Role): Miss {
    return { distance: 50, asks: this.text, actual: `${role} cannot be judged` };
  }
}

/** A demand on what lies above the transport, such as an HTTP path. */
export class UnjudgedClause implements Clause {
  readonly likeness = NO_BLOCKS;
  readonly ports = noPorts;
  readonly preposition = 'with';

  constructor(
    readonly text: string,
    /** As a clause: `HTTP rules cannot be judged from ports`. */
    private readonly why: string,
  ) {}

  holds(): Match {
    return unknown(this.why);
  }

  miss(_connection: Connection, _cluster: Cluster): Miss {
    return { distance: 1, asks: this.text, actual: this.why };
  }
}
