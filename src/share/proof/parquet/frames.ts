const MAGIC = 0xfd2fb528;
/** What the sixteen magic numbers begin with of frames that decoders pass over. */
const SKIPPABLE = 0x184d2a5;
const WORD = 4;
const BLOCK_HEADER = 3;
const RLE_BLOCK = 1;
/** Bytes of a dictionary's id, and of the size of what is compressed, by their bits in the descriptor. */
const ID_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];

/** What no decoder gives back of ZSTD's frames (RFC 8878, 3.1): the data of those to be skipped, and what follows the last one. */
export function skippedBytes(stored: Uint8Array): Uint8Array[] {
  const skipped: Uint8Array[] = [];
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  let at = 0;
  while (at + 2 * WORD <= stored.length) {
    const magic = view.getUint32(at, true);
    if (magic === MAGIC) at = endOfFrame(stored, at);
    else if (magic >>> 4 === SKIPPABLE) {
      const data = at + 2 * WORD;
      at = data + view.getUint32(data - WORD, true);
      skipped.push(stored.subarray(data, at));
    } else break;
  }
  if (at < stored.length) skipped.push(stored.subarray(at));
  return skipped;
}

/** Where the frame ends that begins here: after its last block, and a checksum if there is one. */
function endOfFrame(bytes: Uint8Array, start: number): number {
  const descriptor = bytes[start + WORD] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = SIZE_BYTES[descriptor >>> 6] ?? 0;
  let at = start + WORD + 1 + (isSingle ? Math.max(1, sizeBytes) : 1 + sizeBytes);
  at += ID_BYTES[descriptor & 3] ?? 0;
  for (let isLast = false; !isLast && at < bytes.length; ) {
    const header = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    isLast = (header & 1) === 1;
    at += BLOCK_HEADER + (((header >>> 1) & 3) === RLE_BLOCK ? 1 : header >>> 3);
  }
  return at + ((descriptor & 4) === 0 ? 0 : WORD);
}
