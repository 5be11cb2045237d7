import type { Signal } from '../../src/otlp/signal.js';
import type { Taken } from '../../src/otlp/status.js';

/**
 * Takes an Export…ServiceRequest in protobuf, received at that time (nanoseconds since the epoch). Resolves when it is
 * safe. Throws DecodeError where it never can be taken, OverloadError or UnavailableError where it may be later.
 */
export type Accept = (signal: Signal, request: Uint8Array, received: bigint) => Promise<Taken>;

/** Whom a receiver gives requests to. */
export interface Intake {
  readonly accept: Accept;
  /**
   * Takes note of a request that was refused, by the receiver or by `accept`. Of a whole connection that was, the
   * signal is not known.
   */
  readonly refused: (signal: Signal | undefined, error: unknown) => void;
}

/** A receiver that listens. */
export interface Receiver {
  /** Where it listens: the address asked for, with the port that was given for port 0. */
  readonly address: string;
  /** Takes no more requests, waits for those under way, at most a few seconds, and closes. */
  close(): Promise<void>;
}
