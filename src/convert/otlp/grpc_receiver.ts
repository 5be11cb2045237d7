import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { KtapeError, reasonOf } from '../../errors.js';
import type { Signal } from '../../otlp/signal.js';
import { retryDelayMs, taken } from './answers.js';
import { ANSWER_WITHIN_MS, type Headers, type Receiver, type Sent } from './receiver.js';

const compress = promisify(gzip);

const SERVICES: Readonly<Record<Signal, string>> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
};

/** A message has its length before it, and whether it is compressed. */
const FRAME_BYTES = 5;

/** Codes of gRPC by which OTLP says that the same may be sent again; RESOURCE_EXHAUSTED only with a RetryInfo. */
const AGAIN = [1, 4, 10, 11, 14, 15];
const RESOURCE_EXHAUSTED = 8;

/** Takes requests by gRPC. */
export class GrpcReceiver implements Receiver {
  private session: ClientHttp2Session | undefined;

  /** @param authority such as `http://127.0.0.1:4317`. */
  constructor(
    private readonly authority: string,
    private readonly headers: Headers,
  ) {}

  async send(signal: Signal, protobuf: Uint8Array): Promise<Sent> {
    try {
      return await this.call(signal, protobuf);
    } catch (error) {
      this.close();
      return { again: reasonOf(error), afterMs: undefined };
    }
  }

  close(): void {
    this.session?.destroy();
    this.session = undefined;
  }

  private async call(signal: Signal, protobuf: Uint8Array): Promise<Sent> {
    const body = framed(await compress(protobuf));
    // Streams tell of what happens to it.
    this.session ??= connect(this.authority).on('error', () => undefined);
    const stream = this.session.request({
      ':method': 'POST',
      ':path': `/${SERVICES[signal]}/Export`,
      'content-type': 'application/grpc',
      'grpc-encoding': 'gzip',
      'grpc-accept-encoding': 'identity',
      te: 'trailers',
      ...this.headers,
    });
    stream.setTimeout(ANSWER_WITHIN_MS, () => stream.destroy(new KtapeError('it does not answer')));
    const said = new Map<string, string>();
    const note = (headers: object) => {
      for (const [name, value] of Object.entries(headers)) said.set(name, String(value));
    };
    const chunks: Buffer[] = [];
    stream.on('response', note).on('trailers', note);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk)).end(body);
    await once(stream, 'close');
    if (!said.has('grpc-status'))
      throw new KtapeError(`it answered without a gRPC status${httpStatus(said)}`);
    return sentOf(signal, said, Buffer.concat(chunks));
  }
}

function sentOf(signal: Signal, said: ReadonlyMap<string, string>, answer: Buffer): Sent {
  const code = Number(said.get('grpc-status'));
  if (code === 0) return taken(signal, answer.subarray(FRAME_BYTES));
  const why = `it answered gRPC status ${code}: ${decoded(said.get('grpc-message') ?? '')}`;
  const afterMs = retryDelayMs(said.get('grpc-status-details-bin') ?? '');
  const mayGoOn = AGAIN.includes(code) || (code === RESOURCE_EXHAUSTED && afterMs !== undefined);
  return mayGoOn ? { again: why, afterMs } : { refused: why };
}

function httpStatus(said: ReadonlyMap<string, string>): string {
  const status = said.get(':status');
  return status === undefined || status === '200' ? '' : `, HTTP status ${status}`;
}

function framed(compressed: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame[0] = 1;
  frame.writeUInt32BE(compressed.length, 1);
  return Buffer.concat([frame, compressed]);
}

/** gRPC writes messages percent-encoded. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
