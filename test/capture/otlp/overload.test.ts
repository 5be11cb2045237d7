import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Accept } from '../../../capture/otlp/accept.js';
import { OverloadError } from '../../../capture/otlp/refusals.js';
import { startBoth } from './both_receivers.js';
import { EXPORT_TRACES } from './grpc_client.js';

/** An `accept` that is overloaded the first time, and then takes what comes. */
function overloadedOnce() {
  const taken: string[] = [];
  let refused = 0;
  const accept: Accept = async (signal) => {
    if (refused++ === 0) throw new OverloadError('too much');
    taken.push(signal);
    return { rejected: 0, message: '' };
  };
  return { taken, accept };
}

test('by HTTP the OpenTelemetry SDK comes back when told, and succeeds', async (t) => {
  const { taken, accept } = overloadedOnce();
  const { http, refusals } = await startBoth(t, {}, accept);
  const exporter = new OTLPMetricExporter({ url: `http://${http}/v1/metrics` });
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  provider.getMeter('test').createCounter('requests').add(3);
  await provider.shutdown(); // exports once, and throws where that fails in the end
  assert.deepEqual([refusals, taken], [['metrics: too much'], ['metrics']]);
});

test('by gRPC a client that retries RESOURCE_EXHAUSTED succeeds', async (t) => {
  const { taken, accept } = overloadedOnce();
  const { grpc: address, refusals } = await startBoth(t, {}, accept);
  const retryPolicy = {
    maxAttempts: 3,
    initialBackoff: '0.1s',
    maxBackoff: '1s',
    backoffMultiplier: 2,
    retryableStatusCodes: ['RESOURCE_EXHAUSTED'],
  };
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ methodConfig: [{ name: [{}], retryPolicy }] }),
  });
  t.after(() => client.close());
  const pass = (bytes: Buffer) => bytes;
  await new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(EXPORT_TRACES, pass, pass, Buffer.alloc(0), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  assert.deepEqual([refusals, taken], [['traces: too much'], ['traces']]);
});

test('by gRPC the OpenTelemetry SDK, which gives up at once in JavaScript, is taken the next time', async (t) => {
  const { taken, accept } = overloadedOnce();
  const { grpc: address, refusals } = await startBoth(t, {}, accept);
  const exporter = new OTLPTraceExporter({ url: `http://${address}` });
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  for (let i = 0; i < 2; i++) {
    provider.getTracer('t').startSpan('GET /cart').end();
    await provider.forceFlush();
  }
  await provider.shutdown();
  assert.deepEqual([refusals, taken], [['traces: too much'], ['traces']]);
});
