import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Receiver } from '../../../capture/otlp/accept.js';
import { startGrpcServer } from '../../../capture/otlp/grpc_server.js';
import { OverloadError, UnavailableError } from '../../../capture/otlp/refusals.js';
import { DecodeError } from '../../../src/errors.js';
import { ExportTraceServiceResponse, RetryInfo, RpcStatus } from '../../../src/otlp/messages.js';
import { protobufToJson } from '../../../src/otlp/protobuf_to_json.js';
import { newTables, rowsOf } from '../../src/otlp/batches.js';
import { encodeByReference } from '../../src/otlp/reference.js';
import { collecting, LIMITS } from './client.js';
import { EXPORT_TRACES as EXPORT, frame, rawCall } from './grpc_client.js';

const PROTOBUF = encodeByReference('traces', {
  resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a' }] }] }],
});

const running: Receiver[] = [];
after(() => Promise.all(running.map((receiver) => receiver.close())));

async function start(...[instead]: Parameters<typeof collecting>) {
  const intake = collecting(instead);
  const receiver = await startGrpcServer('127.0.0.1:0', intake, LIMITS);
  running.push(receiver);
  return { ...intake, address: receiver.address, receiver };
}

/** Calls by gRPC with bytes; resolves to the answer, or to the error. */
async function call(
  address: string,
  path: string,
  request: Uint8Array,
  options: grpc.ClientOptions = {},
): Promise<Buffer | grpc.ServiceError> {
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), options);
  try {
    return await new Promise((resolve) => {
      const pass = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(path, pass, pass, Buffer.from(request), (error, answer) => {
        resolve(error ?? answer ?? Buffer.alloc(0));
      });
    });
  } finally {
    client.close();
  }
}

async function failing(...args: Parameters<typeof call>): Promise<grpc.ServiceError> {
  const answer = await call(...args);
  assert.ok(answer instanceof Error, 'expected an error');
  return answer;
}

test('the OpenTelemetry SDK exports traces, metrics and logs here, also with gzip', async () => {
  for (const compression of [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP]) {
    const { requests, address } = await start();
    const options = { url: `http://${address}`, compression };
    const tracing = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter(options))],
    });
    tracing.getTracer('t').startSpan('GET /cart').setAttribute('http.route', '/cart').end();
    await tracing.forceFlush();
    await tracing.shutdown();
    const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(options) });
    const metering = new MeterProvider({ readers: [reader] });
    metering.getMeter('m').createHistogram('latency').record(7.5);
    await metering.shutdown();
    const logging = new LoggerProvider({
      processors: [new SimpleLogRecordProcessor(new OTLPLogExporter(options))],
    });
    logging.getLogger('l').emit({ body: 'paid', severityNumber: SeverityNumber.INFO });
    await logging.forceFlush();
    await logging.shutdown();

    const { tables, decode } = newTables();
    for (const { signal, request } of requests) decode(signal, request);
    const [span] = rowsOf(tables.spans);
    assert.deepEqual(
      [span?.name, span?.http_route, span?.kind, span?.scope_name],
      ['GET /cart', '/cart', 'INTERNAL', 't'],
    );
    const [point] = rowsOf(tables.histogramPoints);
    assert.deepEqual([point?.metric_name, point?.count, point?.sum], ['latency', 1n, 7.5]);
    const [log] = rowsOf(tables.logRecords);
    assert.deepEqual([log?.body, log?.body_type, log?.severity_number], ['paid', 's', 9]);
  }
});

test('records that were refused are told as partial success', async () => {
  const { address } = await start(async () => ({ rejected: 1, message: 'why' }));
  const answer = await call(address, EXPORT, PROTOBUF);
  assert.ok(answer instanceof Buffer);
  assert.deepEqual(protobufToJson(ExportTraceServiceResponse, answer), {
    partialSuccess: { rejectedSpans: '1', errorMessage: 'why' },
  });
});

test('what can never be decoded is INVALID_ARGUMENT and says where', async () => {
  const { address } = await start(async () => {
    throw new DecodeError('at byte 3: field number 0');
  });
  const { code, details } = await failing(address, EXPORT, PROTOBUF);
  assert.deepEqual([code, details], [grpc.status.INVALID_ARGUMENT, 'at byte 3: field number 0']);
});

test('overload is RESOURCE_EXHAUSTED, a full disk UNAVAILABLE, both with a RetryInfo', async () => {
  for (const [error, code] of [
    [new OverloadError('too much', 7), '8'],
    [new UnavailableError('the disk is full', 7), '14'],
  ] as const) {
    const { address } = await start(async () => {
      throw error;
    });
    const answer = await failing(address, EXPORT, PROTOBUF);
    assert.deepEqual([String(answer.code), answer.details], [code, error.message]);
    const [bytes] = answer.metadata.get('grpc-status-details-bin');
    const status = protobufToJson(RpcStatus, bytes as Buffer);
    const [{ typeUrl, value }] = status.details as [{ typeUrl: string; value: string }];
    assert.deepEqual(
      [status.code, status.message, typeUrl],
      [code, error.message, 'type.googleapis.com/google.rpc.RetryInfo'],
    );
    const retryInfo = protobufToJson(RetryInfo, Buffer.from(value, 'base64'));
    assert.deepEqual(retryInfo, { retryDelay: { seconds: '7' } });
  }
});

test('a failure of the recorder itself is INTERNAL', async () => {
  const { address } = await start(async () => {
    throw new Error('a bug');
  });
  const { code, details } = await failing(address, EXPORT, PROTOBUF);
  assert.deepEqual([code, details], [grpc.status.INTERNAL, 'the recorder failed: a bug']);
});

test('unknown methods are UNIMPLEMENTED', async () => {
  const { address } = await start();
  const { code } = await failing(
    address,
    '/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export',
    PROTOBUF,
  );
  assert.equal(code, grpc.status.UNIMPLEMENTED);
});

test('requests beyond the limit are RESOURCE_EXHAUSTED, also when only decompressed ones are', async () => {
  const { requests, refusals, address } = await start();
  const large = Buffer.alloc(LIMITS.maxRequestBytes + 1);
  const gzip = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip };
  for (const options of [{}, gzip]) {
    const { code, metadata } = await failing(address, EXPORT, large, options);
    assert.equal(code, grpc.status.RESOURCE_EXHAUSTED);
    // Without a RetryInfo: it would be as large the next time.
    const [status] = metadata.get('grpc-status-details-bin');
    assert.equal(protobufToJson(RpcStatus, status as Buffer).details, undefined);
  }
  assert.deepEqual(requests, []);
  const refusal = `traces: the request is larger than ${LIMITS.maxRequestBytes} bytes, the most that is taken`;
  assert.deepEqual(refusals, [refusal, refusal]);
});

test('calls that are no such call get the code that gRPC has for it, and are counted', async () => {
  const { requests, refusals, address } = await start();
  const message = frame(PROTOBUF);
  const snappy = { 'grpc-encoding': 'snappy' };
  for (const [body, headers, code, text] of [
    [[], {}, '12', 'the call has no message, one is expected'],
    [[message, message], {}, '12', 'the call has more than one message'],
    [[message.subarray(0, -1)], {}, '13', 'the call ends in the middle of a message'],
    [[Buffer.from([0, 255, 255, 255, 255])], {}, '13', 'the call ends in the middle of a message'],
    [[frame(PROTOBUF, 2)], {}, '13', 'compressed-flag: expected 0 or 1; found 2'],
    [[frame(PROTOBUF, 1)], { 'grpc-encoding': 'gzip' }, '3', 'the body is not gzip: incorrect header check'],
    [
      [frame(PROTOBUF, 1)],
      snappy,
      '12',
      'grpc-encoding: expected gzip, zstd, deflate, identity; found snappy',
    ],
  ] as const) {
    const answer = await rawCall(address, body, headers);
    assert.deepEqual([answer['grpc-status'], answer['grpc-message']], [code, text]);
    assert.equal(refusals.pop(), `traces: ${text}`);
  }
  assert.equal((await rawCall(address, [message], { 'content-type': 'application/json' }))[':status'], 415);
  // An encoding that is named and not used is no matter.
  assert.equal((await rawCall(address, [message], snappy))['grpc-status'], '0');
  assert.deepEqual([requests.length, refusals], [1, []]);
});

test('why a call failed is told in any script, and not at any length', async () => {
  const { address } = await start(async () => {
    throw new DecodeError(`100 % größer\n${'x'.repeat(20_000)}`);
  });
  const { details } = await failing(address, EXPORT, PROTOBUF);
  assert.equal(details, `100 % größer\n${'x'.repeat(987)}`);
});

test('close waits for what is under way, then nothing is taken', async () => {
  let begun = () => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { address, receiver } = await start(async () => {
    begun();
    await finished;
    return { rejected: 0, message: '' };
  });
  const answer = call(address, EXPORT, PROTOBUF);
  await underWay;
  const closed = receiver.close();
  finish();
  assert.ok((await answer) instanceof Buffer);
  await closed;
  assert.equal((await failing(address, EXPORT, PROTOBUF)).code, grpc.status.UNAVAILABLE);
});

test('an address in use is an error that names the option', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const address = `127.0.0.1:${port}`;
  await assert.rejects(startGrpcServer(address, collecting()), (error: Error) => {
    assert.equal(error.name, 'KtapeError');
    assert.match(error.message, new RegExp(`^--otlp-grpc ${address}: cannot listen there: .*EADDRINUSE`));
    return true;
  });
  other.close();
});
