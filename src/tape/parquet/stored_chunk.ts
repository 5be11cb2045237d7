import type { ByteBuffer } from './byte_buffer.js';
import { Codec, Encoding, PageType } from './format.js';
import { binary, i32, i64, list, struct, type Thrift, writeStruct } from './thrift.js';
import { compress } from './zstd.js';

/** A page as a file has it, without its header. */
export interface StoredPage {
  readonly isDictionary: boolean;
  /** Values of a data page, NULLs and empty lists counted; entries of a dictionary. */
  readonly values: number;
  readonly encoding: number;
  /** Bytes before compression. */
  readonly size: number;
  readonly stored: Uint8Array;
}

/** Extremes of a chunk, as PLAIN encodes them. */
export interface Extremes {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** The pages of one leaf in one row group, a dictionary first where there is one, and what the footer says of them. */
export interface StoredChunk {
  readonly codec: number;
  /** Values, NULLs and empty lists counted. */
  readonly values: number;
  /** How many of these are NULL or empty lists; undefined where nobody knows. */
  readonly nulls: number | undefined;
  readonly extremes: Extremes | undefined;
  readonly pages: readonly StoredPage[];
}

/** A page of these bytes, compressed by the codec; they may be others afterwards. */
export function storedPage(
  bytes: Uint8Array,
  codec: number,
  page: Omit<StoredPage, 'size' | 'stored'>,
): StoredPage {
  return { ...page, size: bytes.length, stored: codec === Codec.ZSTD ? compress(bytes) : bytes.slice() };
}

/** Appends the pages of a chunk; returns its ColumnChunk for the footer, and the bytes before compression. */
export function writeStoredChunk(
  file: ByteBuffer,
  chunk: StoredChunk,
  path: readonly string[],
  type: number,
): { meta: Thrift; uncompressed: number } {
  const start = file.length;
  let dataOffset = start;
  let uncompressed = 0;
  for (const page of chunk.pages) {
    uncompressed += writePage(file, page);
    if (page.isDictionary) dataOffset = file.length;
  }
  const encodings = new Set<number>([Encoding.RLE, ...chunk.pages.map(({ encoding }) => encoding)]);
  const meta = struct({
    1: i32(type),
    2: list([...encodings].map(i32)),
    3: list(path.map(binary)),
    4: i32(chunk.codec),
    5: i64(chunk.values),
    6: i64(uncompressed),
    7: i64(file.length - start),
    9: i64(dataOffset),
    11: dataOffset > start ? i64(start) : undefined,
    12: statistics(chunk),
  });
  return { meta: struct({ 2: i64(0), 3: meta }), uncompressed };
}

/** Appends a page with its header; returns its size before compression. */
function writePage(file: ByteBuffer, { isDictionary, values, encoding, size, stored }: StoredPage): number {
  const start = file.length;
  const levels = isDictionary ? {} : { 3: i32(Encoding.RLE), 4: i32(Encoding.RLE) };
  const header = struct({ 1: i32(values), 2: i32(encoding), ...levels });
  writeStruct(file, {
    1: i32(isDictionary ? PageType.DICTIONARY : PageType.DATA),
    2: i32(size),
    3: i32(stored.length),
    5: isDictionary ? undefined : header,
    7: isDictionary ? header : undefined,
  });
  const length = file.length - start;
  file.bytes(stored);
  return length + size;
}

function statistics({ nulls, extremes }: StoredChunk): Thrift {
  return struct({
    3: nulls === undefined ? undefined : i64(nulls),
    5: extremes && binary(extremes.max),
    6: extremes && binary(extremes.min),
  });
}
