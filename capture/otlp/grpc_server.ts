import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Signal } from '../../src/otlp/signal.js';
import { Code, encodeResponse, encodeStatus, type Failure } from '../../src/otlp/status.js';
import { epochNow } from '../clock.js';
import type { Intake, Receiver } from './accept.js';
import { decompress, ENCODINGS } from './decompress.js';
import { failureOf } from './failure.js';
import { GatheredBytes, receive } from './gathered_bytes.js';
import { framed, messageOf, percentEncoded } from './grpc_message.js';
import { ByteBudget, HeldBytes } from './held_bytes.js';
import { DEFAULT_LIMITS, type ReceiverLimits } from './limits.js';
import { limitConnections, listen } from './listen.js';

/** Longest text of a failure: clients take about 8 KiB of trailers, and it is in them twice. */
const MAX_TEXT = 1_000;

const METHODS: Readonly<Record<string, Signal | undefined>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': 'metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
};

/** Bytes of names and values that a call may begin with. */
const MAX_HEAD_BYTES = 16 * 1024;

/** What one connection may have under way and make the server keep, whatever its client does. */
const SESSION_LIMITS = {
  maxSessionMemory: 1, // MB
  settings: { maxConcurrentStreams: 32, maxHeaderListSize: MAX_HEAD_BYTES },
};

/**
 * Listens for OTLP by gRPC on `address` (HOST:PORT). Requests may be compressed. Throws a KtapeError that names the
 * option where the address cannot be had.
 *
 * It speaks gRPC by itself, over Node.js's HTTP/2: @grpc/grpc-js gathers a message before anybody is asked, so that
 * what all connections hold together cannot be bounded, nor what it refuses be counted.
 */
export async function startGrpcServer(
  address: string,
  intake: Intake,
  limits: ReceiverLimits = DEFAULT_LIMITS,
  budget: ByteBudget = new ByteBudget(limits.maxHeldBytes),
): Promise<Receiver> {
  const server = createServer(SESSION_LIMITS);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(limits.idleMs, () => session.destroy());
  });
  const serveExport = (signal: Signal, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
    answerExport(signal, stream, headers, intake, limits.maxRequestBytes, new HeldBytes(budget));
  server.on('stream', (stream, headers) => {
    const slow = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), limits.requestMs);
    stream.once('close', () => clearTimeout(slow));
    // That a stream broke is seen where it is read; an error that nobody listens for would end the process.
    stream.on('error', () => undefined);
    // Node.js itself holds to the limit only from when the client has said that it knows it.
    if (lengthOf(headers) > MAX_HEAD_BYTES) return stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    const signal = signalOrRefuse(stream, headers);
    if (signal !== undefined) void serveExport(signal, stream, headers);
  });
  limitConnections(server, limits.maxConnections, intake);
  return {
    address: await listen(server, { option: '--otlp-grpc', address }),
    close: () => close(server, sessions, limits.closeMs),
  };
}

function lengthOf(headers: IncomingHttpHeaders): number {
  return Object.entries(headers).reduce(
    (sum, [name, value = '']) => sum + name.length + String(value).length,
    0,
  );
}

/** The signal of a call; where it is no Export of one, it is answered so. */
function signalOrRefuse(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Signal | undefined {
  const path = headers[':path'] ?? '';
  if (!/^application\/grpc(\+proto)?\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    stream.respond({ ':status': 415 }, { endStream: true });
  } else if (Object.hasOwn(METHODS, path)) {
    return METHODS[path];
  } else {
    fail(stream, { code: Code.UNIMPLEMENTED, message: `${path}: there is no such method here` });
  }
  return undefined;
}

async function answerExport(
  signal: Signal,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  intake: Intake,
  maxBytes: number,
  held: HeldBytes,
): Promise<void> {
  try {
    held.begin();
    const body = await receive(stream, new GatheredBytes(held, maxBytes));
    const { message, encoding } = messageOf(body, headers['grpc-encoding']?.toString());
    const request = await decompress(message, encoding, held, maxBytes);
    succeed(stream, encodeResponse(signal, await intake.accept(signal, request, epochNow()), 'protobuf'));
  } catch (error) {
    intake.refused(signal, error);
    fail(stream, failureOf(error));
  } finally {
    held.release();
  }
}

const HEADERS = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': ENCODINGS.join(','),
} as const;

function succeed(stream: ServerHttp2Stream, response: Buffer): void {
  if (stream.closed) return;
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(framed(response));
}

function fail(stream: ServerHttp2Stream, failure: Failure): void {
  if (stream.closed) return;
  const message = failure.message.slice(0, MAX_TEXT);
  const trailers = {
    'grpc-status': String(failure.code),
    'grpc-message': percentEncoded(message),
    'grpc-status-details-bin': encodeStatus({ ...failure, message }, 'protobuf').toString('base64'),
  };
  stream.respond({ ...HEADERS, ...trailers }, { endStream: true });
  // What the client still sends passes unread, so that other calls of its connection get their turn.
  stream.resume();
}

function close(server: Http2Server, sessions: Set<ServerHttp2Session>, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      for (const session of sessions) session.destroy();
    }, withinMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    for (const session of sessions) session.close();
  });
}
