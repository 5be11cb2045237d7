import { DecodeError } from '../errors.js';
import type { RowBatch } from '../tape/row_batch.js';
import { ProtobufReader } from './protobuf_reader.js';
import type { SenderDecoder } from './sender.js';
import type { Signal } from './signal.js';

/** What decoding a request says when it went well. */
export interface Decoded {
  /** Spans, data points or log records that are rows now. */
  readonly accepted: number;
  /** Texts that were not valid UTF-8: what was not became U+FFFD. */
  readonly replacedTexts: number;
}

/** Numbers rows across the tables of a recording. */
export interface RowIds {
  /** The next number to give out. */
  next: number;
}

/**
 * Decodes a whole request or nothing: when it cannot be decoded, the rows that it had already added are taken back,
 * `reset` is called, and a DecodeError says where in the bytes and why.
 */
export function decodeWhole(
  signal: Signal,
  request: Uint8Array,
  batches: readonly RowBatch[],
  sender: SenderDecoder,
  reset: () => void,
): number {
  const before = batches.map(({ rows }) => rows);
  const reader = new ProtobufReader(request);
  try {
    sender.request(reader);
    for (const batch of batches) batch.padNulls();
  } catch (error) {
    for (const [i, batch] of batches.entries()) batch.truncate(before[i] ?? 0);
    sender.reset();
    reset();
    if (error instanceof DecodeError) {
      throw new DecodeError(`${signal} request of ${request.length} bytes: ${error.message}`);
    }
    throw error;
  }
  return reader.replacedTexts;
}
