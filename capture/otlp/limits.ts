/** Limits of the receivers; the defaults suit a node. */
export interface ReceiverLimits {
  /** Largest request, in bytes, as sent (by gRPC with five bytes before it) and when decompressed. */
  readonly maxRequestBytes: number;
  /** Most values in a request in JSON. */
  readonly maxJsonValues: number;
  /** Memory for requests of all clients and both protocols together, in bytes; beyond it they are told to come back. */
  readonly maxHeldBytes: number;
  /** Connections of one receiver at a time; more are closed at once. */
  readonly maxConnections: number;
  /** How long a client may take to send a request and to fetch its answer, in milliseconds. */
  readonly requestMs: number;
  /** How long a connection may be silent, in milliseconds. */
  readonly idleMs: number;
  /** How long `close` waits for requests under way, in milliseconds. */
  readonly closeMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ReceiverLimits = {
  maxRequestBytes: 16 * MIB,
  maxJsonValues: 500_000,
  maxHeldBytes: 64 * MIB,
  maxConnections: 1_000,
  requestMs: 30_000,
  // SDKs export over one connection, metrics once a minute.
  idleMs: 65_000,
  closeMs: 5_000,
};
