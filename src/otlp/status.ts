import { jsonToProtobuf } from './json_to_protobuf.js';
import {
  ExportLogsServiceResponse,
  ExportMetricsServiceResponse,
  ExportTraceServiceResponse,
  type Message,
  RetryInfo,
  RpcStatus,
} from './messages.js';
import type { Signal } from './signal.js';

/** How an answer is written. */
export type Encoding = 'protobuf' | 'json';

/** gRPC's canonical codes, as far as receivers answer with them. */
export const Code = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

/** What went wrong, for google.rpc.Status. */
export interface Failure {
  readonly code: (typeof Code)[keyof typeof Code];
  readonly message: string;
  /** When the client may try again, in whole seconds; absent where trying again is no use. */
  readonly retryAfterSeconds?: number;
}

/** What became of a request that was taken: how many records were refused and why. */
export interface Taken {
  readonly rejected: number;
  /** Why they were; or, where none was, a warning for the sender. Empty: nothing to say. */
  readonly message: string;
}

const RESPONSES: Record<Signal, { message: Message; rejected: string }> = {
  traces: { message: ExportTraceServiceResponse, rejected: 'rejectedSpans' },
  metrics: { message: ExportMetricsServiceResponse, rejected: 'rejectedDataPoints' },
  logs: { message: ExportLogsServiceResponse, rejected: 'rejectedLogRecords' },
};

const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo';

/** A google.rpc.Status; one that can be tried again carries a google.rpc.RetryInfo. */
export function encodeStatus({ code, message, retryAfterSeconds }: Failure, encoding: Encoding): Buffer {
  if (encoding === 'json') {
    const details = { '@type': RETRY_INFO_TYPE, retryDelay: `${retryAfterSeconds}s` };
    return jsonBuffer({ code, message, ...(retryAfterSeconds === undefined ? {} : { details: [details] }) });
  }
  const status = { code, message };
  if (retryAfterSeconds === undefined) return protobufBuffer(RpcStatus, status);
  const value = protobufBuffer(RetryInfo, { retryDelay: { seconds: retryAfterSeconds } }).toString('base64');
  return protobufBuffer(RpcStatus, { ...status, details: [{ typeUrl: RETRY_INFO_TYPE, value }] });
}

/** The Export…ServiceResponse of a signal; `partialSuccess` is there only if there is something to say. */
export function encodeResponse(signal: Signal, { rejected, message }: Taken, encoding: Encoding): Buffer {
  const names = RESPONSES[signal];
  const nothingToSay = rejected === 0 && message === '';
  const partialSuccess = { [names.rejected]: String(rejected), errorMessage: message };
  const response = nothingToSay ? {} : { partialSuccess };
  return encoding === 'json' ? jsonBuffer(response) : protobufBuffer(names.message, response);
}

function jsonBuffer(json: object): Buffer {
  return Buffer.from(JSON.stringify(json));
}

function protobufBuffer(message: Message, json: object): Buffer {
  return Buffer.from(jsonToProtobuf(message, json));
}
