import * as grpc from '@grpc/grpc-js';
import { KtapeError, reasonOf } from '../../src/errors.js';
import { SIGNALS, type Signal } from '../../src/otlp/signal.js';
import { encodeResponse, encodeStatus } from '../../src/otlp/status.js';
import { epochNow } from '../clock.js';
import { DEFAULT_LIMITS, type Intake, type Receiver, type ReceiverLimits } from './accept.js';
import { failureOf } from './failure.js';

const SERVICES: Record<Signal, string> = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
};

/** Messages pass as bytes: the recorder decodes them itself. */
const pass = (bytes: Buffer) => bytes;

/**
 * Listens for OTLP by gRPC on `address` (HOST:PORT). Requests may be compressed with gzip; those beyond the limit get
 * RESOURCE_EXHAUSTED. Throws a KtapeError that names the option where the address cannot be had.
 */
export async function startGrpcServer(
  address: string,
  intake: Intake,
  limits: ReceiverLimits = DEFAULT_LIMITS,
): Promise<Receiver> {
  // What it would write to stderr is in the errors that are thrown and answered.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  const server = new grpc.Server({
    'grpc.max_receive_message_length': limits.maxRequestBytes,
    // What one connection can hold in memory at a time is bounded by this times the limit above.
    'grpc.max_concurrent_streams': 16,
  });
  for (const signal of SIGNALS) server.addService(serviceOf(signal), { Export: handler(signal, intake) });
  const port = await bind(server, address);
  return {
    address: address.replace(/:\d+$/, `:${port}`),
    close: () => close(server, limits.closeMs),
  };
}

function serviceOf(signal: Signal): grpc.ServiceDefinition {
  return {
    Export: {
      path: `/${SERVICES[signal]}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    },
  };
}

function handler(signal: Signal, intake: Intake): grpc.handleUnaryCall<Buffer, Buffer> {
  return async ({ request }, callback) => {
    try {
      callback(null, encodeResponse(signal, await intake.accept(signal, request, epochNow()), 'protobuf'));
    } catch (error) {
      intake.refused(signal, error);
      const failure = failureOf(error);
      const metadata = new grpc.Metadata();
      metadata.set('grpc-status-details-bin', encodeStatus(failure, 'protobuf'));
      callback({ code: failure.code, details: failure.message, metadata });
    }
  };
}

function bind(server: grpc.Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(new KtapeError(`--otlp-grpc ${address}: cannot listen there: ${reasonOf(error)}`));
    });
  });
}

function close(server: grpc.Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, withinMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
