import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Signal } from '../../otlp/signal.js';
import { causeOf, retryAfterMs, statusMessage, taken } from './answers.js';
import { ANSWER_WITHIN_MS, type Headers, type Receiver, type Sent } from './receiver.js';

const compress = promisify(gzip);

/** Statuses by which OTLP/HTTP says that the same may be sent again. */
const AGAIN = [429, 502, 503, 504];

/** What fetch says of what is no better the next time (Fetch Standard: port blocking, redirect mode `error`). */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['bad port', 'its port is one of those that HTTP clients never connect to; give the receiver another'],
  ['unexpected redirect', 'it answered with a redirect; give the address that it leads to'],
]);

/** Takes requests by OTLP/HTTP, as protobuf. */
export class HttpReceiver implements Receiver {
  constructor(
    private readonly endpoint: string,
    private readonly headers: Headers,
  ) {}

  async send(signal: Signal, protobuf: Uint8Array): Promise<Sent> {
    try {
      const response = await fetch(`${this.endpoint}/v1/${signal}`, {
        method: 'POST',
        headers: { ...this.headers, 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
        body: await compress(protobuf),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        redirect: 'error',
      });
      const body = new Uint8Array(await response.arrayBuffer());
      if (response.ok) return taken(signal, body);
      const why = `it answered ${response.status} ${response.statusText}${statusMessage(body)}`;
      if (!AGAIN.includes(response.status)) return { refused: why };
      return { again: why, afterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()) };
    } catch (error) {
      const why = causeOf(error);
      const refused = REFUSED.get(why);
      return refused === undefined ? { again: why, afterMs: undefined } : { refused };
    }
  }

  close(): void {}
}
