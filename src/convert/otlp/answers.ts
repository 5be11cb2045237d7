import { reasonOf } from '../../errors.js';
import {
  ExportLogsServiceResponse,
  ExportMetricsServiceResponse,
  ExportTraceServiceResponse,
  type Message,
  RetryInfo,
  RpcStatus,
} from '../../otlp/messages.js';
import { protobufToJson } from '../../otlp/protobuf_to_json.js';
import type { Signal } from '../../otlp/signal.js';
import type { Sent } from './receiver.js';

const RESPONSES: Readonly<Record<Signal, { readonly message: Message; readonly rejected: string }>> = {
  traces: { message: ExportTraceServiceResponse, rejected: 'rejectedSpans' },
  metrics: { message: ExportMetricsServiceResponse, rejected: 'rejectedDataPoints' },
  logs: { message: ExportLogsServiceResponse, rejected: 'rejectedLogRecords' },
};

/** What the answer to a request that was taken says: how many of its records were not. */
export function taken(signal: Signal, answer: Uint8Array): Sent {
  const { message, rejected } = RESPONSES[signal];
  const { partialSuccess } = protobufToJson(message, answer) as { partialSuccess?: Record<string, string> };
  return { rejected: Number(partialSuccess?.[rejected] ?? 0), message: partialSuccess?.errorMessage ?? '' };
}

/** What a `Retry-After` says: seconds, or a date. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** The delay of a google.rpc.RetryInfo in a google.rpc.Status, which gRPC writes in base64 in a trailer. */
export function retryDelayMs(details: string): number | undefined {
  try {
    const status = protobufToJson(RpcStatus, Buffer.from(details, 'base64')) as {
      details?: readonly { typeUrl?: string; value?: string }[];
    };
    const found = status.details?.find(({ typeUrl }) => typeUrl?.endsWith('/google.rpc.RetryInfo'));
    if (found === undefined) return undefined;
    const info = protobufToJson(RetryInfo, Buffer.from(found.value ?? '', 'base64')) as {
      retryDelay?: { seconds?: string };
    };
    return Number(info.retryDelay?.seconds ?? 0) * 1000;
  } catch {
    return undefined;
  }
}

/** The message of the google.rpc.Status that OTLP/HTTP answers an error with, after a colon; empty where there is none. */
export function statusMessage(body: Uint8Array): string {
  try {
    const { message } = protobufToJson(RpcStatus, body) as { message?: string };
    return message === undefined ? '' : `: ${message.slice(0, 500)}`;
  } catch {
    return '';
  }
}

/** Why a connection failed, as fetch says it: in the cause of its error. */
export function causeOf(error: unknown): string {
  return reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
