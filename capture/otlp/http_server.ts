import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KtapeError, reasonOf } from '../../src/errors.js';
import { jsonTextToProtobuf, textOfJson } from '../../src/otlp/json_to_protobuf.js';
import { REQUESTS, type Signal } from '../../src/otlp/signal.js';
import { Code, type Encoding, encodeResponse, encodeStatus, type Failure } from '../../src/otlp/status.js';
import { epochNow } from '../clock.js';
import { DEFAULT_LIMITS, type Intake, type Receiver, type ReceiverLimits } from './accept.js';
import { failureOf } from './failure.js';
import {
  ByteBudget,
  type ContentEncoding,
  ENCODINGS,
  HeldBytes,
  readBody,
  TooLargeError,
} from './http_body.js';

const PATHS: Readonly<Record<string, Signal | undefined>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};
const CONTENT_TYPES: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** SDKs export every few seconds over one connection. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Listens for OTLP by HTTP on `address` (HOST:PORT): POST of protobuf or JSON to /v1/traces, /v1/metrics and /v1/logs,
 * compressed with gzip or deflate or not. Throws a KtapeError that names the option where the address cannot be had.
 */
export async function startHttpServer(
  address: string,
  intake: Intake,
  limits: ReceiverLimits = DEFAULT_LIMITS,
): Promise<Receiver> {
  const budget = new ByteBudget(limits.maxHeldBytes);
  const server = createServer(
    {
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.requestMs / 4,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) =>
      void handle(request, response, intake, new HeldBytes(budget, limits.maxRequestBytes)),
  );
  const port = await listen(server, address);
  return {
    address: address.replace(/:\d+$/, `:${port}`),
    close: () => close(server, limits.closeMs),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  intake: Intake,
  held: HeldBytes,
): Promise<void> {
  // What cannot be told apart is answered in JSON, which people can read.
  const encoding = encodingOf(request) ?? 'json';
  let signal: Signal | undefined;
  try {
    signal = check(request);
    const body = await readBody(request, contentEncodingOf(request), held);
    const protobuf = encoding === 'json' ? jsonTextToProtobuf(REQUESTS[signal], textOfJson(body)) : body;
    const taken = await intake.accept(signal, protobuf, epochNow());
    answer(response, 200, encoding, encodeResponse(signal, taken, encoding));
  } catch (error) {
    if (request.destroyed && !request.complete) return; // the client has gone
    if (signal !== undefined) intake.refused(signal, error);
    const { status, failure, headers } = refusalOf(error);
    // A body that was not read to its end would be taken for the next request.
    const close = request.complete ? {} : { connection: 'close' };
    answer(response, status, encoding, encodeStatus(failure, encoding), { ...headers, ...close });
  } finally {
    held.release();
  }
}

/** A request that is refused before its body is looked at. */
class RefusedError extends KtapeError {
  constructor(
    readonly status: number,
    readonly code: Failure['code'],
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** The signal of a request, or why it is refused. */
function check(request: IncomingMessage): Signal {
  const [path = '/'] = (request.url ?? '/').split('?');
  const signal = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined;
  if (signal === undefined) {
    const paths = Object.keys(PATHS).join(', ');
    throw new RefusedError(404, Code.NOT_FOUND, `${path}: nothing is here; OTLP goes to ${paths}`);
  }
  if (request.method !== 'POST') {
    const message = `${request.method} ${path}: OTLP is sent by POST`;
    throw new RefusedError(405, Code.UNIMPLEMENTED, message, { allow: 'POST' });
  }
  if (encodingOf(request) === undefined) {
    const given = request.headers['content-type'] ?? 'none';
    const types = Object.values(CONTENT_TYPES).join(' or ');
    throw new RefusedError(415, Code.INVALID_ARGUMENT, `content-type: expected ${types}; found ${given}`);
  }
  return signal;
}

function encodingOf({ headers }: IncomingMessage): Encoding | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const given = type.trim().toLowerCase();
  return (Object.keys(CONTENT_TYPES) as Encoding[]).find((encoding) => CONTENT_TYPES[encoding] === given);
}

function contentEncodingOf({ headers }: IncomingMessage): ContentEncoding {
  const given = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const encoding = ENCODINGS.find((name) => name === given);
  if (encoding !== undefined) return encoding;
  const message = `content-encoding: expected ${ENCODINGS.join(', ')}; found ${given}`;
  throw new RefusedError(415, Code.INVALID_ARGUMENT, message, { 'accept-encoding': ENCODINGS.join(', ') });
}

function refusalOf(error: unknown): { status: number; failure: Failure; headers: Record<string, string> } {
  if (error instanceof RefusedError) {
    const { status, code, message, headers } = error;
    return { status, failure: { code, message }, headers };
  }
  if (error instanceof TooLargeError) {
    return { status: 413, failure: { code: Code.RESOURCE_EXHAUSTED, message: error.message }, headers: {} };
  }
  const failure = failureOf(error);
  if (failure.retryAfterSeconds !== undefined) {
    return { status: 503, failure, headers: { 'retry-after': String(failure.retryAfterSeconds) } };
  }
  return { status: failure.code === Code.INVALID_ARGUMENT ? 400 : 500, failure, headers: {} };
}

function answer(
  response: ServerResponse,
  status: number,
  encoding: Encoding,
  body: Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': CONTENT_TYPES[encoding],
    'content-length': body.length,
    ...headers,
  });
  response.end(body);
}

function listen(server: Server, address: string): Promise<number> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      reject(new KtapeError(`--otlp-http ${address}: cannot listen there: ${reasonOf(error)}`));
    };
    server.once('error', failed);
    server.listen({ host, port: Number(address.slice(colon + 1)) }, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that was busy is kept alive once its request is answered.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const force = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(force);
      resolve();
    });
  });
}
