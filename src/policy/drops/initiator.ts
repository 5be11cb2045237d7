/** Which end of a packet opened its connection. */
export type Initiator = 'source' | 'destination' | 'unknown';

/** What a dropped packet tells about who opened its connection. */
export interface PacketFacts {
  /** Flags that are set, such as `SYN` or `SYN,ACK`; null when not TCP. */
  readonly tcpFlags: string | null;
  /** Whether a tool knows it for a reply; null where nobody says. */
  readonly isReply: boolean | null;
  /** Whether that end was seen to send the SYN of this connection. */
  readonly sourceOpened: boolean;
  readonly destinationOpened: boolean;
  /** Whether somebody is known to listen on the packet's port at that end; false also when nothing is known. */
  readonly sourceListens: boolean;
  readonly destinationListens: boolean;
}

/**
 * Finds who opened the connection: a SYN comes from that end and a SYN,ACK goes to it; else a tool may know a reply, or
 * the SYN was seen before; else the end on whose port nobody listens did, where the other end's port is known to be
 * listened on. Port numbers are never guessed from.
 */
export function initiatorOf(facts: PacketFacts): Initiator {
  const flags = facts.tcpFlags?.split(',') ?? [];
  if (flags.includes('SYN')) return flags.includes('ACK') ? 'destination' : 'source';
  if (facts.isReply !== null) return facts.isReply ? 'destination' : 'source';
  if (facts.sourceOpened !== facts.destinationOpened) return facts.sourceOpened ? 'source' : 'destination';
  if (facts.sourceListens === facts.destinationListens) return 'unknown';
  return facts.destinationListens ? 'source' : 'destination';
}
