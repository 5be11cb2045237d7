import type { Connection } from '../cluster/endpoint.js';
import { type Clause, noPorts } from '../rules/clause.js';
import { isPortNumber, listOf, said } from '../rules/fields.js';
import { anyOf, type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { PortClause } from '../rules/port_clause.js';
import { type PortRange, portNumbers } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';

/** Numbers from the first to the last, or a port's name. */
type Ports =
  | { readonly port: number; readonly endPort: number }
  | { readonly port: string; readonly endPort: undefined };

/** Ports as Calico's rules list them. */
export type CalicoPorts = Ports & Pick<PortRange, 'protocol'>;

/** The protocols that have ports in Calico. */
const WITH_PORTS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/**
 * Reads a list of ports: numbers, ranges such as `1000:2000`, and names. Undefined where it is missing or empty.
 * Without a protocol only names are allowed, which stand for ports of whatever protocol has them.
 * Source: projectcalico/calico api/pkg/lib/numorstring/port.go.
 */
export function portRanges(
  value: unknown,
  protocol: string | undefined,
  where: string,
): CalicoPorts[] | undefined {
  return listOf(value, where)?.flatMap((entry, i) => {
    const at = `${where}[${i}]`;
    if (protocol !== undefined && !WITH_PORTS.includes(protocol)) {
      throw new InvalidPolicy(at, `is ${said(entry)}, but ${protocol} has no ports`);
    }
    const range = rangeOf(entry, at);
    if (protocol !== undefined) return { protocol, ...range };
    if (typeof range.port === 'number')
      throw new InvalidPolicy(at, `is ${said(entry)}, which needs a protocol`);
    return WITH_PORTS.map((one) => ({ protocol: one, ...range }));
  });
}

function rangeOf(value: unknown, where: string): Ports {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const [, first, last = first] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const [port, endPort] = [Number(first), Number(last)];
  if (isPortNumber(port) && isPortNumber(endPort) && port <= endPort) return { port, endPort };
  if (first === undefined && /^[a-zA-Z0-9_.-]{1,128}$/.test(text)) return { port: text, endPort: undefined };
  throw new InvalidPolicy(
    where,
    `is ${said(value)}, not 1 to 65535, a range such as 1000:2000 or the name of a port`,
  );
}

/** Asks for one of the protocols and source ports; a name is one of the source pod's. */
export class SourcePortClause implements Clause {
  readonly ports = noPorts;
  readonly preposition = 'from';
  readonly text: string;

  constructor(private readonly ranges: readonly CalicoPorts[]) {
    this.text = `source port ${new PortClause(ranges).text}`;
  }

  holds(connection: Connection): Match {
    return anyOf(this.ranges, (range) => comesFrom(range, connection));
  }

  miss({ protocol, sourcePort }: Connection): Miss {
    return {
      distance: 0.5,
      asks: this.text,
      actual: `the connection is from ${portSaid(protocol, sourcePort)}`,
    };
  }
}

/** `TCP 80`, or the protocol alone where the port is not known or there is none. */
export function portSaid(protocol: string, port: number | null): string {
  return port === null ? protocol : `${protocol} ${port}`;
}

function comesFrom({ protocol, port, endPort }: CalicoPorts, connection: Connection): Match {
  const { source, sourcePort } = connection;
  if (protocol !== connection.protocol) return false;
  if (sourcePort === null) return unknown('the source port is not known');
  if (endPort !== undefined) return sourcePort >= port && sourcePort <= endPort;
  if (source.kind === 'unknown') return unknown(source.why);
  return source.kind === 'pod' && portNumbers(source.pod, port, protocol).includes(sourcePort);
}
