import type { Connection } from '../cluster/endpoint.js';
import type { Clause } from './clause.js';
import { NO_BLOCKS } from './likeness.js';
import { anyOf, type Match, unknown } from './match.js';
import type { Miss } from './miss.js';
import { describePort, type PortRange, portNumbers } from './port_range.js';

/** Asks for one of the protocols and destination ports. */
export class PortClause implements Clause {
  readonly likeness = NO_BLOCKS;
  readonly preposition = 'on';

  /** `TCP 80 or UDP 5000-5010 or TCP port grpc`. */
  readonly text: string;

  constructor(readonly ranges: readonly PortRange[]) {
    this.text = ranges.map(describePort).join(' or ');
  }

  holds(connection: Connection): Match {
    return anyOf(this.ranges, (range) => inRange(range, connection));
  }

  miss(connection: Connection): Miss {
    return new PortMiss(this, connection);
  }

  ports(): readonly PortRange[] {
    return this.ranges;
  }
}

/** In words only when somebody asks. */
class PortMiss implements Miss {
  readonly distance = 0.5;

  constructor(
    private readonly clause: PortClause,
    private readonly connection: Connection,
  ) {}

  get asks(): string {
    return this.clause.text;
  }

  get actual(): string {
    const { connection } = this;
    let said = `the connection is to ${connection.protocol}`;
    if (connection.destinationPort !== null) said += ` ${connection.destinationPort}`;
    for (const range of this.clause.ranges) {
      const named = namedPortSaid(range, connection);
      if (named !== undefined) said += `, ${named}`;
    }
    return said;
  }
}

function inRange({ protocol, port, endPort }: PortRange, connection: Connection): Match {
  if (protocol !== connection.protocol) return false;
  if (port === undefined) return true;
  const actual = connection.destinationPort;
  if (actual === null) return unknown('the destination port is not known');
  if (typeof port === 'number') return actual >= port && actual <= (endPort ?? port);
  const { destination } = connection;
  if (destination.kind === 'unknown') return unknown(destination.why);
  return destination.kind === 'pod' && portNumbers(destination.pod, port, protocol).includes(actual);
}

/** What a port's name stands for in the destination pod, where the rule goes by name. */
function namedPortSaid({ port, protocol }: PortRange, { destination }: Connection): string | undefined {
  if (typeof port !== 'string') return undefined;
  if (destination.kind !== 'pod') return `and only a pod has a port named ${port}`;
  const numbers = portNumbers(destination.pod, port, protocol);
  if (numbers.length === 0) return `and the destination pod has no ${protocol} port named ${port}`;
  return `and ${port} is ${numbers.join(' and ')} in the destination pod`;
}
