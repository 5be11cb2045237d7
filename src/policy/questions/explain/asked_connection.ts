import { UsageError } from '../../../errors.js';
import { protocolName } from '../../../schema/packet_names.js';
import { isPortName, isPortNumber } from '../../rules/fields.js';

/** A connection that is asked about, its ends by name. */
export interface AskedConnection {
  readonly from: string;
  readonly to: string;
  /** A number, the name of a port of the destination, or null for protocols without ports. */
  readonly port: number | string | null;
  /** By its IANA keyword. */
  readonly protocol: string;
}

const WITH_PORTS = new Set(['TCP', 'UDP', 'SCTP', 'DCCP', 'UDPLite']);

/** Keywords by what people write for them: the keyword in any case, or the number. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: 256 }, (_, number) => number).flatMap((number) => {
    const keyword = protocolName(number);
    return [[`${number}`, keyword] as const, [keyword.toLowerCase(), keyword] as const];
  }),
  ['icmpv6', 'IPv6-ICMP'],
]);

/** The keyword of a protocol. Throws a UsageError for what is none. */
export function protocolOf(text: string): string {
  const keyword = KEYWORDS.get(text) ?? KEYWORDS.get(text.toLowerCase());
  if (keyword !== undefined) return keyword;
  throw new UsageError(
    `protocol ${JSON.stringify(text)} is not known; expected TCP, UDP, SCTP, ICMP or another of IANA's keywords`,
  );
}

/**
 * The port of a connection. Throws a UsageError for what is none, and where the protocol has none or one is missing.
 * @param field what the port was given as, for messages.
 */
export function portOf(
  given: number | string | undefined,
  protocol: string,
  field = 'port',
): number | string | null {
  if (!WITH_PORTS.has(protocol)) {
    if (given === undefined) return null;
    throw new UsageError(`${field} ${JSON.stringify(given)}: ${protocol} has no ports`);
  }
  if (given === undefined) throw new UsageError(`${field} is missing: ${protocol} needs one`);
  const port = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given;
  if (isPortNumber(port) || isPortName(port)) return port;
  const problem = typeof port === 'number' ? 'is out of range' : 'is no port';
  throw new UsageError(
    `${field} ${typeof given === 'number' ? given : JSON.stringify(given)} ${problem}; expected 1 to 65535 or the name of a port`,
  );
}
