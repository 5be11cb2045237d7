import { randomBytes, randomInt } from 'node:crypto';
import { jsonToProtobuf } from '../../src/otlp/json_to_protobuf.js';
import { ExportTraceServiceRequest } from '../../src/otlp/messages.js';
import { newTables } from '../src/otlp/batches.js';
import { referenceRequest } from '../src/otlp/reference.js';

// Decodes requests as an SDK sends them (512 spans, random ids, ten attributes) into columns, and with protobufjs into
// objects, in turn. Prints one JSON line: spans for each second of processor time, and how many times the reference's.

const SPANS = 512;
const REQUESTS = 20;
const WARM_UP = 15;
const ROUNDS = 21;

function text(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

function span(index: number) {
  const start = 1_760_000_000_000_000_000n + BigInt(index) * 1_000_000n;
  const route = `/product/{id}`;
  const id = randomBytes(5).toString('hex').toUpperCase();
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: randomBytes(8).toString('hex'),
    name: `GET ${route}`,
    kind: 2 + (index % 2),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(randomInt(50_000_000))),
    attributes: [
      text('http.request.method', 'GET'),
      text('http.route', route),
      text('url.path', `/product/${id}`),
      text('url.scheme', 'http'),
      text('server.address', 'frontend.shop.svc.cluster.local'),
      { key: 'server.port', value: { intValue: '8080' } },
      { key: 'http.response.status_code', value: { intValue: index % 50 === 0 ? '500' : '200' } },
      text('network.peer.address', `10.1.${randomInt(256)}.${randomInt(256)}`),
      { key: 'network.peer.port', value: { intValue: String(randomInt(32768, 65536)) } },
      text(
        'user_agent.original',
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36',
      ),
    ],
    status: index % 50 === 0 ? { code: 2, message: 'upstream unavailable' } : {},
    flags: 257,
  };
}

function request(): Uint8Array {
  return jsonToProtobuf(ExportTraceServiceRequest, {
    resourceSpans: [
      {
        resource: {
          attributes: [
            text('service.name', 'frontend'),
            text('service.namespace', 'shop'),
            text('k8s.namespace.name', 'shop'),
            text('k8s.pod.name', 'frontend-6d8f5b7c9d-x2x7k'),
            text('k8s.pod.uid', '6f3c1c0e-6a0d-4b3e-9a51-5d5a1d5b7a11'),
            text('k8s.node.name', 'node-a'),
            text('telemetry.sdk.name', 'opentelemetry'),
            text('telemetry.sdk.language', 'nodejs'),
            text('telemetry.sdk.version', '2.0.1'),
          ],
        },
        scopeSpans: [
          {
            scope: { name: '@opentelemetry/instrumentation-http', version: '0.203.0' },
            spans: Array.from({ length: SPANS }, (_, index) => span(index)),
          },
        ],
      },
    ],
  });
}

function spansPerSecond(decode: (request: Uint8Array) => unknown): number {
  const before = process.cpuUsage();
  for (const bytes of requests) decode(bytes);
  const { user, system } = process.cpuUsage(before);
  return (SPANS * REQUESTS * 1e6) / (user + system);
}

/** The middle one of the rates measured once the engine has warmed up. */
function median(rates: readonly number[]): number {
  const sorted = rates.slice(WARM_UP).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

const requests = Array.from({ length: REQUESTS }, request);
const reference = referenceRequest('traces');
const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  const tables = newTables();
  ours.push(spansPerSecond((bytes) => tables.decode('traces', bytes)));
  theirs.push(spansPerSecond((bytes) => reference.decode(bytes)));
}
const ratio = median(ours) / median(theirs);
console.log(
  JSON.stringify({
    name: 'otlp.decode',
    value: Math.round(median(ours)),
    unit: 'spans/s',
    ratio: Number(ratio.toFixed(2)),
    against: 'protobufjs',
  }),
);
