import { KtapeError } from '../../src/errors.js';
import type { Signal } from '../../src/otlp/signal.js';
import type { Taken } from '../../src/otlp/status.js';

/**
 * Takes an Export…ServiceRequest in protobuf, received at that time (nanoseconds since the epoch). Resolves when it is
 * safe. Throws DecodeError where it never can be taken, OverloadError where it may be later.
 */
export type Accept = (signal: Signal, request: Uint8Array, received: bigint) => Promise<Taken>;

/** Whom a receiver gives requests to. */
export interface Intake {
  readonly accept: Accept;
  /** Takes note of a request that was refused, by the receiver or by `accept`. */
  readonly refused: (signal: Signal, error: unknown) => void;
}

/** The recorder cannot take a request now: the client is told to try again. */
export class OverloadError extends KtapeError {
  override readonly name = 'OverloadError';
  constructor(
    message: string,
    readonly retryAfterSeconds = 5,
  ) {
    super(message);
  }
}

/** A receiver that listens. */
export interface Receiver {
  /** Where it listens: the address asked for, with the port that was given for port 0. */
  readonly address: string;
  /** Takes no more requests, waits for those under way, at most a few seconds, and closes. */
  close(): Promise<void>;
}

/** Limits of a receiver; the defaults suit a node. */
export interface ReceiverLimits {
  /** Largest request, in bytes, as sent and when decompressed. */
  readonly maxRequestBytes: number;
  /** Bytes of requests held at a time, of all clients; beyond that they are told to come back. HTTP only. */
  readonly maxHeldBytes: number;
  /** How long a client may take to send a request, in milliseconds: one that is slow holds memory. HTTP only. */
  readonly requestMs: number;
  /** How long `close` waits for requests under way, in milliseconds. */
  readonly closeMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ReceiverLimits = {
  maxRequestBytes: 16 * MIB,
  maxHeldBytes: 128 * MIB,
  requestMs: 30_000,
  closeMs: 5_000,
};
