import { UsageError } from '../../errors.js';
import { GrpcReceiver } from './grpc_receiver.js';
import { HttpReceiver } from './http_receiver.js';
import type { Headers, Receiver } from './receiver.js';

/** The receiver at an endpoint. Throws a UsageError where it is no URL of OTLP/HTTP or gRPC. */
export function receiverAt(endpoint: string, headers: Headers): Receiver {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  switch (url?.protocol) {
    case 'http:':
    case 'https:':
      return new HttpReceiver(endpoint.replace(/\/+$/, ''), headers);
    case 'grpc:':
      return new GrpcReceiver(`http://${url.host}`, headers);
    case 'grpcs:':
      return new GrpcReceiver(`https://${url.host}`, headers);
    default:
      throw new UsageError(
        `--to ${endpoint}: expected http://HOST:4318 or https://… for OTLP/HTTP, grpc://HOST:4317 or grpcs://… for gRPC`,
      );
  }
}
