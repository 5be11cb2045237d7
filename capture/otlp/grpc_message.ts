import { Code } from '../../src/otlp/status.js';
import { type ContentEncoding, ENCODINGS, encodingNamed } from './decompress.js';
import { RefusedError } from './refusals.js';

// gRPC's framing of messages over HTTP/2, as in PROTOCOL-HTTP2.md of grpc/grpc: a byte that is 1 when the message is
// compressed, its length as a big-endian uint32, the message.

/** Bytes before a message. */
const PREFIX_BYTES = 5;

/**
 * The message of a call that has one, as it came and with the encoding that it is in. Throws RefusedError with the
 * code that gRPC wants for what is wrong.
 */
export function messageOf(
  body: Buffer,
  grpcEncoding: string | undefined,
): { message: Buffer; encoding: ContentEncoding } {
  if (body.length === 0)
    throw new RefusedError(Code.UNIMPLEMENTED, 'the call has no message, one is expected');
  const length = body.length < PREFIX_BYTES ? undefined : body.readUInt32BE(1);
  if (length === undefined || body.length < PREFIX_BYTES + length) {
    throw new RefusedError(Code.INTERNAL, 'the call ends in the middle of a message');
  }
  if (body.length > PREFIX_BYTES + length) {
    throw new RefusedError(Code.UNIMPLEMENTED, 'the call has more than one message');
  }
  const compressed = body.readUInt8(0);
  if (compressed > 1)
    throw new RefusedError(Code.INTERNAL, `compressed-flag: expected 0 or 1; found ${compressed}`);
  const message = body.subarray(PREFIX_BYTES);
  return { message, encoding: compressed === 1 ? compressedEncoding(grpcEncoding) : 'identity' };
}

function compressedEncoding(given = 'identity'): ContentEncoding {
  const encoding = encodingNamed(given);
  if (encoding !== undefined) return encoding;
  const message = `grpc-encoding: expected ${ENCODINGS.join(', ')}; found ${given}`;
  throw new RefusedError(Code.UNIMPLEMENTED, message);
}

/** A message with its prefix, not compressed. */
export function framed(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, PREFIX_BYTES);
  return frame;
}

/** Text as the trailer grpc-message has it. */
export function percentEncoded(text: string): string {
  return Array.from(Buffer.from(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x25
      ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('');
}
