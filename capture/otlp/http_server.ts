import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { jsonTextToProtobuf, textOfJson } from '../../src/otlp/json_to_protobuf.js';
import { REQUESTS, type Signal } from '../../src/otlp/signal.js';
import { Code, type Encoding, encodeResponse, encodeStatus, type Failure } from '../../src/otlp/status.js';
import { epochNow } from '../clock.js';
import type { Intake, Receiver } from './accept.js';
import { decompress } from './decompress.js';
import { failureOf } from './failure.js';
import { GatheredBytes, receive } from './gathered_bytes.js';
import { ByteBudget, HeldBytes } from './held_bytes.js';
import {
  CONTENT_TYPES,
  contentEncodingOf,
  encodingOf,
  HeadError,
  refuseOtherTypes,
  signalOf,
} from './http_head.js';
import { refuseManyValues } from './json_values.js';
import { DEFAULT_LIMITS, type ReceiverLimits } from './limits.js';
import { limitConnections, listen } from './listen.js';

/**
 * Listens for OTLP by HTTP on `address` (HOST:PORT): POST of protobuf or JSON to /v1/traces, /v1/metrics and /v1/logs,
 * compressed or not. Throws a KtapeError that names the option where the address cannot be had.
 */
export async function startHttpServer(
  address: string,
  intake: Intake,
  limits: ReceiverLimits = DEFAULT_LIMITS,
  budget: ByteBudget = new ByteBudget(limits.maxHeldBytes),
): Promise<Receiver> {
  const server = createServer(
    {
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.requestMs / 4,
      keepAliveTimeout: limits.idleMs,
    },
    (request, response) => void handle(request, response, intake, limits, new HeldBytes(budget)),
  );
  // A client that does not fetch its answers.
  server.setTimeout(limits.idleMs);
  limitConnections(server, limits.maxConnections, intake);
  return {
    address: await listen(server, { option: '--otlp-http', address }),
    close: () => close(server, limits.closeMs),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  intake: Intake,
  limits: ReceiverLimits,
  held: HeldBytes,
): Promise<void> {
  // What cannot be told apart is answered in JSON, which people can read.
  const encoding = encodingOf(request) ?? 'json';
  // That a request broke off is seen where it is read; an error that nobody listens for would end the process.
  request.on('error', () => undefined);
  let signal: Signal | undefined;
  try {
    signal = signalOf(request);
    refuseOtherTypes(request);
    const contentEncoding = contentEncodingOf(request);
    held.begin();
    const sent = await receive(request, new GatheredBytes(held, limits.maxRequestBytes));
    const body = await decompress(sent, contentEncoding, held, limits.maxRequestBytes);
    if (encoding === 'json') refuseManyValues(body, limits.maxJsonValues);
    const protobuf = encoding === 'json' ? jsonTextToProtobuf(REQUESTS[signal], textOfJson(body)) : body;
    const taken = await intake.accept(signal, protobuf, epochNow());
    answer(response, 200, encoding, encodeResponse(signal, taken, encoding));
  } catch (error) {
    if (signal !== undefined) intake.refused(signal, error);
    refuse(response, error, encoding);
  } finally {
    held.release();
  }
}

/** HTTP's status for a failure. */
function statusOf({ code, retryAfterSeconds }: Failure): number {
  switch (code) {
    case Code.INVALID_ARGUMENT:
      return 400;
    case Code.RESOURCE_EXHAUSTED:
      return retryAfterSeconds === undefined ? 413 : 429;
    case Code.UNAVAILABLE:
      return 503;
    default:
      return 500;
  }
}

function refuse(response: ServerResponse, error: unknown, encoding: Encoding): void {
  const failure = failureOf(error);
  const { retryAfterSeconds } = failure;
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const { status, headers } =
    error instanceof HeadError ? error : { status: statusOf(failure), headers: retryAfter };
  // What the client still sends passes unread, as long as a request may take: it may not listen before it has sent all.
  answer(response, status, encoding, encodeStatus(failure, encoding), headers);
}

function answer(
  response: ServerResponse,
  status: number,
  encoding: Encoding,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const fixed = { 'content-type': CONTENT_TYPES[encoding], 'content-length': body.length };
  response.writeHead(status, { ...fixed, ...headers }).end(body);
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
