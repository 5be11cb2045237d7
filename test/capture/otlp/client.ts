import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Accept } from '../../../capture/otlp/accept.js';
import type { ReceiverLimits } from '../../../capture/otlp/limits.js';
import { reasonOf } from '../../../src/errors.js';
import type { Signal } from '../../../src/otlp/signal.js';

/** Limits small enough to be met by tests. */
export const LIMITS: ReceiverLimits = {
  maxRequestBytes: 100_000,
  maxJsonValues: 1_000,
  maxHeldBytes: 200_000,
  maxConnections: 100,
  requestMs: 10_000,
  idleMs: 20_000,
  closeMs: 2_000,
};

/** An `accept` that keeps what it is given, or does what a test says. */
export function collecting(instead?: Accept) {
  const requests: { signal: Signal; request: Uint8Array }[] = [];
  const accept: Accept = async (signal, bytes, received) => {
    if (instead !== undefined) return instead(signal, bytes, received);
    requests.push({ signal, request: bytes });
    return { rejected: 0, message: '' };
  };
  const refusals: string[] = [];
  const refused = (signal: Signal | undefined, error: unknown) =>
    refusals.push(`${signal}: ${reasonOf(error)}`);
  return { requests, refusals, accept, refused };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends one HTTP request; `parts` are written one by one. */
export function send(
  address: string,
  path: string,
  headers: Record<string, string>,
  parts: readonly Uint8Array[] = [],
  method = 'POST',
  agent: Agent | false = false,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}${path}`, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    for (const part of parts) sent.write(part);
    sent.end();
  });
}
