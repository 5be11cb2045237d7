import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Signal } from '../../../src/otlp/signal.js';

/** A message class as protobufjs generates it. */
interface ReferenceMessage {
  decode(from: Uint8Array | Reader): object;
  encode(message: object): { finish(): Uint8Array };
  fromObject(object: object): object;
}

/** The part of the generated root that is used here. */
interface Root {
  readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: ReferenceMessage } };
  readonly metrics: { readonly v1: { readonly ExportMetricsServiceRequest: ReferenceMessage } };
  readonly logs: { readonly v1: { readonly ExportLogsServiceRequest: ReferenceMessage } };
}

interface Reader {
  bytes(): Uint8Array;
  string(): string;
}

const require = createRequire(import.meta.url);
const transformer = require.resolve('@opentelemetry/otlp-transformer/package.json');
const root: Root = require(join(dirname(transformer), 'build/src/generated/root.js')).opentelemetry.proto
  .collector;
const protobuf: { Reader: { create(bytes: Uint8Array): Reader } } =
  createRequire(transformer)('protobufjs/minimal');

/** The reference decoder: protobufjs as generated from OpenTelemetry's own .proto files. */
export function referenceRequest(signal: Signal): ReferenceMessage {
  switch (signal) {
    case 'traces':
      return root.trace.v1.ExportTraceServiceRequest;
    case 'metrics':
      return root.metrics.v1.ExportMetricsServiceRequest;
    case 'logs':
      return root.logs.v1.ExportLogsServiceRequest;
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * What the reference decodes. Its own reading of UTF-8 makes other replacements of what is invalid than the standard
 * (WHATWG's, as in all browsers): texts are read by the standard instead, and everything else by the reference.
 */
export function decodeByReference(signal: Signal, bytes: Uint8Array): object {
  const reader = protobuf.Reader.create(bytes);
  reader.string = () => utf8.decode(reader.bytes());
  return referenceRequest(signal).decode(reader);
}

/** A request as protobuf bytes, encoded by the reference. */
export function encodeByReference(signal: Signal, request: object): Uint8Array {
  const reference = referenceRequest(signal);
  return reference.encode(reference.fromObject(request)).finish();
}
