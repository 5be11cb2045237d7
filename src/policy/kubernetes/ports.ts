import type { PolicyProtocol } from '../cluster/endpoint.js';
import { isIntegerIn, said } from '../rules/fields.js';
import type { PortRange } from '../rules/port_range.js';
import { InvalidPolicy } from '../rules/problem.js';

/** The protocols that Kubernetes' policies know. */
export const PROTOCOLS: readonly PolicyProtocol[] = ['TCP', 'UDP', 'SCTP'];

/** A port number, not below `least`; throws InvalidPolicy for anything else. */
export function portNumber(value: unknown, least: number, where: string): number {
  if (isIntegerIn(value, least, 65535)) return value;
  throw new InvalidPolicy(where, `is ${said(value)}, not ${least} to 65535`);
}

/** A port of the destination pod by nothing but its name, whatever its protocol. */
export function namedPort(name: unknown, where: string): PortRange[] {
  if (typeof name !== 'string') throw new InvalidPolicy(where, `is ${said(name)}, not the name of a port`);
  return PROTOCOLS.map((protocol) => ({ protocol, port: name, endPort: undefined }));
}
