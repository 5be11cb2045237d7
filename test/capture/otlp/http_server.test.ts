import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { connect, createServer } from 'node:net';
import { after, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Receiver } from '../../../capture/otlp/accept.js';
import { startHttpServer } from '../../../capture/otlp/http_server.js';
import { OverloadError, UnavailableError } from '../../../capture/otlp/refusals.js';
import { DecodeError } from '../../../src/errors.js';
import {
  ExportLogsServiceResponse,
  ExportMetricsServiceResponse,
  ExportTraceServiceRequest,
  ExportTraceServiceResponse,
  RpcStatus,
} from '../../../src/otlp/messages.js';
import { protobufToJson } from '../../../src/otlp/protobuf_to_json.js';
import { newTables, rowsOf } from '../../src/otlp/batches.js';
import { encodeByReference } from '../../src/otlp/reference.js';
import { collecting, LIMITS, send } from './client.js';

const REQUEST = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'GET /cart' }] }] }] };
const PROTOBUF = encodeByReference('traces', REQUEST);
const JSON_TEXT = Buffer.from(JSON.stringify(REQUEST));
const AS_PROTOBUF = { 'content-type': 'application/x-protobuf' };
const AS_JSON = { 'content-type': 'application/json' };

const running: Receiver[] = [];
after(() => Promise.all(running.map((receiver) => receiver.close())));

async function start(...[instead]: Parameters<typeof collecting>) {
  const intake = collecting(instead);
  const receiver = await startHttpServer('127.0.0.1:0', intake, LIMITS);
  running.push(receiver);
  return { ...intake, address: receiver.address, receiver };
}

test('protobuf and JSON are taken alike, and answered in their own type', async () => {
  const { requests, address } = await start();
  const binary = await send(address, '/v1/traces', AS_PROTOBUF, [PROTOBUF]);
  assert.deepEqual(
    [binary.status, binary.headers['content-type'], binary.body.length],
    [200, 'application/x-protobuf', 0],
  );
  const text = await send(address, '/v1/traces', { 'content-type': 'Application/JSON; charset=utf-8' }, [
    JSON_TEXT,
  ]);
  assert.deepEqual(
    [text.status, text.headers['content-type'], text.body.toString()],
    [200, 'application/json', '{}'],
  );
  assert.deepEqual(
    requests.map(({ signal, request }) => [signal, protobufToJson(ExportTraceServiceRequest, request)]),
    [
      ['traces', REQUEST],
      ['traces', REQUEST],
    ],
  );
});

test('gzip, deflate and chunked bodies', async () => {
  const { requests, address } = await start();
  for (const [encoding, body] of [
    ['gzip', gzipSync(PROTOBUF)],
    ['deflate', deflateSync(PROTOBUF)],
    ['identity', PROTOBUF],
  ] as const) {
    const headers = { ...AS_PROTOBUF, 'content-encoding': encoding };
    const { status } = await send(address, '/v1/traces', headers, [body.subarray(0, 5), body.subarray(5)]);
    assert.equal(status, 200, encoding);
  }
  assert.deepEqual(
    requests.map(({ request }) => Buffer.compare(request, PROTOBUF)),
    [0, 0, 0],
  );
});

test('records that were refused are told as partial success', async () => {
  const { address } = await start(async () => ({ rejected: 2, message: 'no times' }));
  const answers = [
    ['/v1/traces', ExportTraceServiceResponse, 'rejectedSpans'],
    ['/v1/metrics', ExportMetricsServiceResponse, 'rejectedDataPoints'],
    ['/v1/logs', ExportLogsServiceResponse, 'rejectedLogRecords'],
  ] as const;
  for (const [path, message, rejected] of answers) {
    const expected = { partialSuccess: { [rejected]: '2', errorMessage: 'no times' } };
    const binary = await send(address, path, AS_PROTOBUF);
    assert.deepEqual(protobufToJson(message, binary.body), expected);
    const text = await send(address, path, AS_JSON, [Buffer.from('{}')]);
    assert.deepEqual(JSON.parse(text.body.toString()), expected);
  }
});

test('what is not taken gets the status that says why, as google.rpc.Status in its own type', async () => {
  const { requests, address } = await start(async () => {
    throw new DecodeError('at byte 7: field number 0');
  });
  const large = Buffer.alloc(LIMITS.maxRequestBytes + 1);
  const cases = [
    ['/v1/traces', AS_PROTOBUF, PROTOBUF, 400, 3, /^at byte 7: field number 0$/],
    ['/v1/traces', AS_JSON, Buffer.from('{"resourceSpans":7}'), 400, 3, /^resourceSpans: 7 is not an array$/],
    ['/v1/traces', { ...AS_JSON, 'content-encoding': 'gzip' }, JSON_TEXT, 400, 3, /^the body is not gzip: /],
    [
      '/v1/traces',
      { ...AS_JSON, 'content-encoding': 'gzip' },
      gzipSync(JSON_TEXT).subarray(0, 30),
      400,
      3,
      /^the body is not gzip: /,
    ],
    [
      '/v1/traces',
      { ...AS_JSON, 'content-encoding': 'br' },
      JSON_TEXT,
      415,
      3,
      /^content-encoding: expected gzip, zstd, deflate, identity; found br$/,
    ],
    [
      '/v1/traces',
      { 'content-type': 'text/plain' },
      JSON_TEXT,
      415,
      3,
      /^content-type: expected application\/x-protobuf or application\/json; found text\/plain$/,
    ],
    [
      '/v1/profiles',
      AS_JSON,
      JSON_TEXT,
      404,
      5,
      /^\/v1\/profiles: nothing is here; OTLP goes to \/v1\/traces, /,
    ],
    ['/v1/traces', AS_PROTOBUF, large, 413, 8, /^the request is larger than 100000 bytes/],
  ] as const;
  for (const [path, headers, body, status, code, message] of cases) {
    const answer = await send(address, path, headers, [body]);
    const json = answer.headers['content-type'] === 'application/json';
    assert.equal(json, headers['content-type'] !== AS_PROTOBUF['content-type']);
    const told = json
      ? (JSON.parse(answer.body.toString()) as Record<string, unknown>)
      : protobufToJson(RpcStatus, answer.body);
    assert.deepEqual([answer.status, Number(told.code)], [status, code], String(told.message));
    assert.match(String(told.message), message);
  }
  assert.deepEqual(requests, []);
});

test('a body of unknown length is read no further than the limit, and the client hears of it', async () => {
  const { address } = await start();
  const parts = Array.from({ length: 30 }, () => Buffer.alloc(LIMITS.maxRequestBytes / 10));
  const { status } = await send(address, '/v1/traces', AS_PROTOBUF, parts);
  assert.equal(status, 413);
});

test('requests that are held beyond the limit of all are told to come back, and then are taken', async () => {
  let begun = () => {};
  let finish = () => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { address } = await start(async () => {
    begun();
    await finished;
    return { rejected: 0, message: '' };
  });
  const body = [Buffer.alloc(LIMITS.maxRequestBytes)];
  const first = send(address, '/v1/traces', AS_PROTOBUF, body);
  await underWay;
  assert.equal((await send(address, '/v1/traces', AS_PROTOBUF, body)).status, 429);
  finish();
  assert.equal((await first).status, 200);
  assert.equal((await send(address, '/v1/traces', AS_PROTOBUF, body)).status, 200);
});

test('only POST: 405 says so', async () => {
  const { address } = await start();
  const { status, headers } = await send(address, '/v1/logs', {}, [], 'GET');
  assert.deepEqual([status, headers.allow], [405, 'POST']);
});

test('overload is 429, a full disk 503: when to come back, and a RetryInfo', async () => {
  for (const [error, status, code] of [
    [new OverloadError('too much', 7), 429, 8],
    [new UnavailableError('the disk is full', 7), 503, 14],
  ] as const) {
    const { address } = await start(async () => {
      throw error;
    });
    const text = await send(address, '/v1/traces', AS_JSON, [JSON_TEXT]);
    assert.deepEqual([text.status, text.headers['retry-after']], [status, '7']);
    assert.deepEqual(JSON.parse(text.body.toString()), {
      code,
      message: error.message,
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }],
    });
  }
});

test('a client that goes away in the middle of a request leaves nothing behind', async () => {
  const { requests, address } = await start();
  const most = LIMITS.maxRequestBytes;
  const request = connect(Number(address.split(':')[1]), '127.0.0.1');
  request.write(
    `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${most}\r\n\r\n`,
  );
  await new Promise((resolve) => request.write(Buffer.alloc(most - 1), resolve));
  const body = [Buffer.alloc(most)];
  // Both together are more than is held at a time: as long as the first is there, the second is told to come back.
  while ((await send(address, '/v1/traces', AS_PROTOBUF, body)).status !== 429);
  request.destroy();
  while ((await send(address, '/v1/traces', AS_PROTOBUF, body)).status !== 200);
  assert.ok(requests.every(({ request: { length } }) => length === most));
});

test('a client that does not send on is told so and cut off', async () => {
  const receiver = await startHttpServer('127.0.0.1:0', collecting(), { ...LIMITS, requestMs: 200 });
  running.push(receiver);
  const socket = connect(Number(receiver.address.split(':')[1]), '127.0.0.1');
  socket.write(
    'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n1',
  );
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  await new Promise((resolve) => socket.once('close', resolve));
  assert.match(answer, /^HTTP\/1\.1 408 /);
});

test('an address in use is an error that names the option', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const address = `127.0.0.1:${port}`;
  await assert.rejects(startHttpServer(address, collecting()), {
    name: 'KtapeError',
    message: `--otlp-http ${address}: cannot listen there: listen EADDRINUSE: address already in use ${address}`,
  });
  other.close();
});

test('close waits for what is under way, then nothing is taken', async () => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let begun = () => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { address, receiver } = await start(async () => {
    begun();
    await finished;
    return { rejected: 0, message: '' };
  });
  const agent = new Agent({ keepAlive: true });
  const answer = send(address, '/v1/traces', AS_PROTOBUF, [PROTOBUF], 'POST', agent);
  await underWay;
  const closed = receiver.close();
  finish();
  assert.equal((await answer).status, 200);
  await closed;
  agent.destroy();
  await assert.rejects(send(address, '/v1/traces', AS_PROTOBUF, [PROTOBUF]), { code: 'ECONNREFUSED' });
});

test('the OpenTelemetry SDK exports metrics here by HTTP and JSON', async () => {
  const { requests, address } = await start();
  const exporter = new OTLPMetricExporter({ url: `http://${address}/v1/metrics` });
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  provider.getMeter('test').createCounter('requests').add(3, { 'http.route': '/cart' });
  await provider.shutdown();
  const { tables, decode } = newTables();
  for (const { signal, request } of requests) decode(signal, request);
  const [row] = rowsOf(tables.metricPoints);
  assert.deepEqual(
    [row?.metric_name, row?.metric_type, row?.aggregation_temporality, row?.value, row?.attributes],
    ['requests', 'sum', 'CUMULATIVE', 3, [['http.route', '/cart']]],
  );
});
