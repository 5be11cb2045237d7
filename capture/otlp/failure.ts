import { DecodeError, reasonOf } from '../../src/errors.js';
import { Code, type Failure } from '../../src/otlp/status.js';
import { RefusedError } from './refusals.js';

/** What a client is told when its request was not taken. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DecodeError) return { code: Code.INVALID_ARGUMENT, message: error.message };
  if (error instanceof RefusedError) {
    const { code, message, retryAfterSeconds } = error;
    return { code, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
  return { code: Code.INTERNAL, message: `the recorder failed: ${reasonOf(error)}` };
}
