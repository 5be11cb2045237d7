import { Cursor } from './cursor.js';

/*
 * A frame of ZSTD: magic number, header, blocks, and maybe a checksum.
 * Source: https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
 */

const MAGIC = 0xfd2f_b528;
const RLE_BLOCK = 1;
const CHECKSUM_BYTES = 4;

/**
 * Whether bytes that can be decompressed are a single frame whose every block says something. Decompressors pass over
 * frames that are to be skipped, and over blocks of no times the same byte, whatever these hold.
 */
export function isOneFrame(bytes: Uint8Array): boolean {
  const from = new Cursor(bytes);
  if (from.uint32() !== MAGIC) return false;
  const descriptor = from.byte();
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const hasDictionary = (descriptor & 3) !== 0;
  if (hasDictionary) return false;
  const sizeBytes = descriptor < 0x40 ? 0 : 1 << (descriptor >>> 6);
  from.skip(isSingleSegment ? Math.max(1, sizeBytes) : 1 + sizeBytes);
  for (let isLast = false; !isLast; ) {
    const head = from.byte() | (from.byte() << 8) | (from.byte() << 16);
    isLast = (head & 1) === 1;
    const size = head >>> 3;
    const isRepeated = ((head >>> 1) & 3) === RLE_BLOCK;
    if (isRepeated && size === 0) return false;
    from.skip(isRepeated ? 1 : size);
  }
  return from.left === ((descriptor & 4) === 0 ? 0 : CHECKSUM_BYTES);
}
