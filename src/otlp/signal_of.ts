import { DecodeError } from '../errors.js';
import { ProtobufReader } from './protobuf_reader.js';
import { type Json, readFields } from './protobuf_to_json.js';
import { REQUESTS, SIGNALS, type Signal } from './signal.js';

/**
 * The signal of a request in protobuf, whose bytes do not name it: the only one as which it decodes without unknown
 * fields, broken texts and ids of wrong length. Undefined where that is none or more than one.
 */
export function signalOf(request: Uint8Array): Signal | undefined {
  const [signal, another] = SIGNALS.filter((candidate) => isPlausible(candidate, request));
  return another === undefined ? signal : undefined;
}

function isPlausible(signal: Signal, request: Uint8Array): boolean {
  const reader = new ProtobufReader(request);
  try {
    const json = readFields(reader, REQUESTS[signal], {});
    return reader.skippedFields === 0 && reader.replacedTexts === 0 && idsAreWhole(json);
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** Hex digits of ids that are present. */
const DIGITS: Record<string, number | undefined> = { traceId: 32, spanId: 16, parentSpanId: 16 };

function idsAreWhole(json: Json): boolean {
  if (typeof json !== 'object') return true;
  return Object.entries(json).every(([name, value]: [string, Json]) => {
    const digits = DIGITS[name];
    return digits === undefined ? idsAreWhole(value) : value === '' || String(value).length === digits;
  });
}
