import { FRAME_HEADER, FRAME_KINDS, type FrameKind } from '../../../src/schema/frames.js';

/** The bytes of a frame as the loader writes it: header, then a body of these little-endian fields. */
export function frameBytes(kind: FrameKind, ...body: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(body);
  const header = Buffer.alloc(FRAME_HEADER.bytes);
  header.writeUInt32LE(FRAME_KINDS[kind], 0);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
