import { UsageError } from '../../errors.js';
import type { Signal } from '../../otlp/signal.js';
import { GrpcReceiver } from './grpc_receiver.js';
import { HttpReceiver } from './http_receiver.js';

/** What became of a request. */
export type Sent =
  /** Taken, but for so many records. */
  | { readonly rejected: number; readonly message: string }
  /** Not taken; to be sent again after so long, or where that is not said when it seems good. */
  | { readonly again: string; readonly afterMs: number | undefined }
  /** Never to be taken. */
  | { readonly refused: string };

/** Whoever takes requests by OTLP. */
export interface Receiver {
  send(signal: Signal, protobuf: Uint8Array): Promise<Sent>;
  close(): void;
}

/** One that answers nothing for so long is taken to have failed. */
export const ANSWER_WITHIN_MS = 30_000;

/** Headers that go with every request, by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

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
