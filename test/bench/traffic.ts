import { randomBytes, randomInt } from 'node:crypto';
import { jsonToProtobuf } from '../../src/otlp/json_to_protobuf.js';
import {
  ExportLogsServiceRequest,
  ExportMetricsServiceRequest,
  ExportTraceServiceRequest,
} from '../../src/otlp/messages.js';

/*
 * Requests as SDKs send them: up to 512 records of one process, with the attributes that the HTTP and gRPC
 * instrumentations give (semantic conventions 1.23 and later). Ids are random; paths, ports, addresses, sizes and
 * durations differ from record to record.
 */

/** Records of a request: what an SDK's batch processor sends at most. */
export const BATCH = 512;

const SERVICES = ['frontend', 'checkout', 'cart', 'productcatalog', 'currency', 'payment', 'shipping', 'ad'];
const ROUTES = ['/', '/product/{id}', '/cart', '/cart/checkout', '/setCurrency', '/api/v1/orders/{order}'];
const RPCS = [
  ['hipstershop.CartService', 'GetCart'],
  ['hipstershop.ProductCatalogService', 'GetProduct'],
  ['hipstershop.CurrencyService', 'Convert'],
  ['hipstershop.CheckoutService', 'PlaceOrder'],
  ['hipstershop.AdService', 'GetAds'],
] as const;
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1',
  'python-requests/2.32.3',
  'kube-probe/1.30',
];
const LOG_LINES = [
  (id: string) => `GET /product/${id} 200 ${randomInt(1, 400)} ms`,
  (id: string) => `adding product ${id} to the cart of user ${randomBytes(4).toString('hex')}`,
  () => `retrieved ${randomInt(1, 30)} items from the cache in ${randomInt(100, 90_000)} us`,
  (id: string) => `payment went through (transaction ${id}-${randomInt(1e9)})`,
  () => 'serving the product page',
];

type Json = Readonly<Record<string, unknown>>;

const pick = <T>(choices: readonly T[]): T => choices[randomInt(choices.length)] as T;
const text = (key: string, value: string): Json => ({ key, value: { stringValue: value } });
const integer = (key: string, value: number): Json => ({ key, value: { intValue: String(value) } });
const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const productId = () => randomBytes(5).toString('hex').toUpperCase();
const podIp = () => `10.1.${randomInt(8)}.${randomInt(2, 254)}`;

/** A clock in nanoseconds that goes on by about three milliseconds a record. */
class Clock {
  private now = 1_760_000_000_000_000_000n + BigInt(randomInt(1_000_000_000));

  tick(): bigint {
    this.now += BigInt(randomInt(6_000_000));
    return this.now;
  }
}

const pods = new Map<string, Json>();

function resourceOf(service: string): Json {
  const known = pods.get(service);
  if (known !== undefined) return known;
  const pod = `${service}-${hex(5)}-${hex(3).slice(0, 5)}`;
  const attributes = [
    text('service.name', service),
    text('service.namespace', 'shop'),
    text('service.version', '1.14.2'),
    text('k8s.namespace.name', 'shop'),
    text('k8s.pod.name', pod),
    text('k8s.pod.uid', `${hex(4)}-${hex(2)}-4${hex(1)}1-9${hex(1)}1-${hex(6)}`),
    text('k8s.node.name', 'node-a'),
    text('k8s.deployment.name', service),
    text('host.name', pod),
    integer('process.pid', randomInt(2, 30)),
    text('telemetry.sdk.name', 'opentelemetry'),
    text('telemetry.sdk.language', 'nodejs'),
    text('telemetry.sdk.version', '2.0.1'),
  ];
  const resource = { attributes };
  pods.set(service, resource);
  return resource;
}

function serverSpan(clock: Clock, service: string, traceId: string, spanId: string): Json {
  const route = pick(ROUTES);
  const method = route === '/setCurrency' ? 'POST' : 'GET';
  const start = clock.tick();
  const failed = randomInt(50) === 0;
  return {
    traceId,
    spanId,
    parentSpanId: randomInt(4) === 0 ? '' : hex(8),
    name: `${method} ${route}`,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(randomInt(100_000, 50_000_000))),
    attributes: [
      text('http.request.method', method),
      text('url.scheme', 'http'),
      text('url.path', route.replace(/\{\w+\}/, productId)),
      text('http.route', route),
      text('server.address', `${service}.shop.svc.cluster.local`),
      integer('server.port', 8080),
      text('network.peer.address', podIp()),
      integer('network.peer.port', randomInt(32_768, 60_999)),
      text('network.protocol.version', '1.1'),
      text('user_agent.original', pick(AGENTS)),
      integer('http.response.status_code', failed ? 500 : 200),
      ...(failed ? [text('error.type', '500')] : []),
    ],
    status: failed ? { code: 2 } : {},
    flags: 257,
  };
}

function clientSpan(clock: Clock, traceId: string, parentSpanId: string): Json {
  const [rpcService, method] = pick(RPCS);
  const start = clock.tick();
  return {
    traceId,
    spanId: hex(8),
    parentSpanId,
    name: `grpc.${rpcService}/${method}`,
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(randomInt(100_000, 20_000_000))),
    attributes: [
      text('rpc.system', 'grpc'),
      text('rpc.service', rpcService),
      text('rpc.method', method),
      text('server.address', `${rpcService.slice(12).toLowerCase()}.shop.svc.cluster.local`),
      integer('server.port', 7070),
      text('network.peer.address', podIp()),
      integer('network.peer.port', randomInt(32_768, 60_999)),
      integer('rpc.grpc.status_code', 0),
    ],
    status: {},
    flags: 257,
  };
}

/** Traces of one server span and one or two calls that it makes. */
function spansOf(service: string, clock: Clock): Json[] {
  const spans: Json[] = [];
  while (spans.length < BATCH) {
    const traceId = hex(16);
    const spanId = hex(8);
    const calls = Array.from({ length: randomInt(1, 3) }, () => clientSpan(clock, traceId, spanId));
    spans.push(...calls, serverSpan(clock, service, traceId, spanId));
  }
  return spans.slice(0, BATCH);
}

function logRecord(clock: Clock): Json {
  const time = clock.tick();
  const severe = randomInt(40) === 0;
  return {
    timeUnixNano: String(time),
    observedTimeUnixNano: String(time + BigInt(randomInt(1000, 90_000))),
    severityNumber: severe ? 17 : 9,
    severityText: severe ? 'ERROR' : 'INFO',
    body: { stringValue: pick(LOG_LINES)(productId()) },
    attributes: [
      text('code.function.name', pick(['getProduct', 'addToCart', 'placeOrder', 'render'])),
      text('code.file.path', '/usr/src/app/server.js'),
      integer('code.line.number', pick([41, 97, 133, 210])),
      text('session.id', hex(8)),
      text('user.currency', pick(['EUR', 'USD', 'JPY'])),
    ],
    traceId: hex(16),
    spanId: hex(8),
    flags: 1,
  };
}

const HTTP_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Data points as a process exports them each minute: request durations by route, and counters. */
function metricsOf(service: string, clock: Clock): Json[] {
  const time = clock.tick();
  const times = { startTimeUnixNano: '1760000000000000000', timeUnixNano: String(time) };
  const labels = (code: number) => [
    text('http.request.method', 'GET'),
    text('http.route', pick(ROUTES)),
    integer('http.response.status_code', code),
    text('server.address', `${service}.shop.svc.cluster.local`),
    text('network.protocol.version', '1.1'),
  ];
  const histogram = () => {
    const bucketCounts = Array.from({ length: HTTP_BOUNDS.length + 1 }, () => String(randomInt(500)));
    const count = String(bucketCounts.reduce((sum, each) => sum + Number(each), 0));
    const sum = randomInt(1e6) / 1e3;
    return { ...times, attributes: labels(200), count, sum, bucketCounts, explicitBounds: HTTP_BOUNDS };
  };
  const counter = () => ({
    ...times,
    attributes: labels(pick([200, 404, 500])),
    asInt: String(randomInt(1e9)),
  });
  const gauge = () => ({
    ...times,
    attributes: [text('v8js.heap.space.name', pick(['new_space', 'old_space', 'code_space']))],
    asDouble: randomInt(1e9) / 7,
  });
  const repeat = (count: number, point: () => Json) => Array.from({ length: count }, point);
  return [
    {
      name: 'http.server.request.duration',
      unit: 's',
      description: 'Duration of HTTP server requests.',
      histogram: { aggregationTemporality: 2, dataPoints: repeat(BATCH / 4, histogram) },
    },
    {
      name: 'http.server.requests',
      unit: '{request}',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: repeat(BATCH / 2, counter) },
    },
    { name: 'v8js.memory.heap.used', unit: 'By', gauge: { dataPoints: repeat(BATCH / 4, gauge) } },
  ];
}

/** Requests of each signal, of one service after the other. */
export function traceRequests(count: number): Uint8Array[] {
  return requests(count, (resource, service, clock) => {
    const scope = { name: '@opentelemetry/instrumentation-http', version: '0.203.0' };
    const scopeSpans = [{ scope, spans: spansOf(service, clock) }];
    return jsonToProtobuf(ExportTraceServiceRequest, { resourceSpans: [{ resource, scopeSpans }] });
  });
}

export function logRequests(count: number): Uint8Array[] {
  return requests(count, (resource, _, clock) => {
    const logRecords = Array.from({ length: BATCH }, () => logRecord(clock));
    const scopeLogs = [{ scope: { name: 'winston' }, logRecords }];
    return jsonToProtobuf(ExportLogsServiceRequest, { resourceLogs: [{ resource, scopeLogs }] });
  });
}

export function metricRequests(count: number): Uint8Array[] {
  return requests(count, (resource, service, clock) => {
    const scope = { name: '@opentelemetry/instrumentation-http', version: '0.203.0' };
    const scopeMetrics = [{ scope, metrics: metricsOf(service, clock) }];
    return jsonToProtobuf(ExportMetricsServiceRequest, { resourceMetrics: [{ resource, scopeMetrics }] });
  });
}

function requests(
  count: number,
  make: (resource: Json, service: string, clock: Clock) => Uint8Array,
): Uint8Array[] {
  const clocks = new Map(SERVICES.map((service) => [service, new Clock()]));
  return Array.from({ length: count }, (_, i) => {
    const service = SERVICES[i % SERVICES.length] ?? '';
    return make(resourceOf(service), service, clocks.get(service) ?? new Clock());
  });
}
