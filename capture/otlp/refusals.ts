import { KtapeError } from '../../src/errors.js';
import { Code } from '../../src/otlp/status.js';

/** A request that is refused, with gRPC's code for why. */
export class RefusedError extends KtapeError {
  override readonly name: string = 'RefusedError';
  constructor(
    readonly code: (typeof Code)[keyof typeof Code],
    message: string,
    /** When the client may try again, in whole seconds; undefined where that is no use. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** More is sent than the recorder may hold or can keep up with: the client is told to come back. */
export class OverloadError extends RefusedError {
  override readonly name = 'OverloadError';
  constructor(message: string, retryAfterSeconds = 1) {
    super(Code.RESOURCE_EXHAUSTED, message, retryAfterSeconds);
  }
}

/** The recorder cannot keep anything just now, however little is sent: the client is told to come back. */
export class UnavailableError extends RefusedError {
  override readonly name = 'UnavailableError';
  constructor(message: string, retryAfterSeconds = 5) {
    super(Code.UNAVAILABLE, message, retryAfterSeconds);
  }
}

/** A request that is larger than is taken of one. */
export class TooLargeError extends RefusedError {
  override readonly name = 'TooLargeError';
  constructor(message: string) {
    super(Code.RESOURCE_EXHAUSTED, message);
  }
}

/** A client that went away, or was too slow, before its request was there. Nobody is left to be answered. */
export class BrokenOffError extends RefusedError {
  override readonly name = 'BrokenOffError';
  constructor() {
    super(Code.UNAVAILABLE, 'the client did not send its request to the end');
  }
}
