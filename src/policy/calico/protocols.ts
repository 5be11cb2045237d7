import { protocolName } from '../../schema/packet_names.js';
import type { Connection } from '../cluster/endpoint.js';
import { type Clause, noPorts } from '../rules/clause.js';
import { said } from '../rules/fields.js';
import { NO_BLOCKS } from '../rules/likeness.js';
import { type Match, unknown } from '../rules/match.js';
import type { Miss } from '../rules/miss.js';
import { InvalidPolicy } from '../rules/problem.js';

/** IANA keywords by Calico's names, in lower case as Calico compares them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['icmp', 'ICMP'],
  ['icmpv6', 'IPv6-ICMP'],
  ['sctp', 'SCTP'],
  ['udplite', 'UDPLite'],
]);

/**
 * Reads a protocol, by name or number, as its IANA keyword.
 * Source: projectcalico/calico api/pkg/lib/numorstring/protocol.go.
 */
export function protocolOf(value: unknown, where: string): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const named = NAMES.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= 255) return protocolName(Number(text));
  throw new InvalidPolicy(where, `is ${said(value)}, not TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or 1 to 255`);
}

/** Asks for a protocol, whatever the port, or for any other. */
export class ProtocolClause implements Clause {
  readonly likeness = NO_BLOCKS;
  readonly ports = noPorts;
  readonly preposition = 'on';
  readonly text: string;

  constructor(
    private readonly protocol: string,
    private readonly isNegated: boolean,
  ) {
    this.text = isNegated ? `protocols other than ${protocol}` : protocol;
  }

  holds({ protocol }: Connection): Match {
    return (protocol === this.protocol) !== this.isNegated;
  }

  miss({ protocol }: Connection): Miss {
    return { distance: 1, asks: this.text, actual: `the connection is ${protocol}` };
  }
}

/** Asks for IPv4 or IPv6. */
export class IpVersionClause implements Clause {
  readonly likeness = NO_BLOCKS;
  readonly ports = noPorts;
  readonly preposition = 'over';
  readonly text: string;

  constructor(private readonly version: 4 | 6) {
    this.text = `IPv${version}`;
  }

  /** An end without an address yet stands for a pod that is still to come, with any. */
  holds({ source, destination }: Connection): Match {
    const ip = destination.ip ?? source.ip;
    if (ip === undefined) return unknown('neither end has an address');
    return (ip.length === 16) === (this.version === 6);
  }

  miss(): Miss {
    return {
      distance: 1,
      asks: this.text,
      actual: `the connection is over IPv${this.version === 4 ? 6 : 4}`,
    };
  }
}
