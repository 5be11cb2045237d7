/** Which end of a packet opened its connection. */
export type Initiator = 'source' | 'destination' | 'unknown';

/** What a dropped packet tells about who opened its connection. */
export interface PacketFacts {
  /** Flags that are set, such as `SYN` or `SYN,ACK`; null when not TCP. */
  readonly tcpFlags: string | null;
  /** Whether somebody is known to listen on the packet's port at that end; false also when nothing is known. */
  readonly sourceListens: boolean;
  readonly destinationListens: boolean;
}

/**
 * Finds who opened the connection: a SYN comes from that end and a SYN,ACK goes to it; otherwise the end on whose
 * port nobody listens did, where the other end's port is known to be listened on. Port numbers are never guessed from.
 */
export function initiatorOf({ tcpFlags, sourceListens, destinationListens }: PacketFacts): Initiator {
  const flags = tcpFlags?.split(',') ?? [];
  if (flags.includes('SYN')) return flags.includes('ACK') ? 'destination' : 'source';
  if (sourceListens === destinationListens) return 'unknown';
  return destinationListens ? 'source' : 'destination';
}
