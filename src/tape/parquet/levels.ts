import type { ByteBuffer } from './byte_buffer.js';
import { writeBitNumbers, writePackedBits, writeRun } from './hybrid.js';

/** Appends levels of `width` bits, 1 or 2, with their length before them, as data pages of version 1 have them. */
export function writeLevels(page: ByteBuffer, levels: Uint8Array, count: number, width: number): void {
  withLength(page, () => writeBitNumbers(page, levels, count, width));
}

/** Appends levels of one bit that are packed already, the first in the lowest bit. */
export function writePackedLevels(page: ByteBuffer, packed: Uint8Array, count: number): void {
  withLength(page, () => writePackedBits(page, packed, count));
}

/** Appends `count` times the same level. */
export function writeSameLevels(page: ByteBuffer, level: number, count: number): void {
  withLength(page, () => writeRun(page, level, count, 1));
}

function withLength(page: ByteBuffer, write: () => void): void {
  const at = page.length;
  page.littleEndian(0, 4);
  write();
  page.view.setUint32(at, page.length - at - 4, true);
}
