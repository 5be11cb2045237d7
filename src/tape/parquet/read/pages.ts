import { Codec, PageType } from '../format.js';
import type { StoredPage } from '../stored_chunk.js';
import { decompress } from '../zstd.js';
import { Cursor } from './cursor.js';
import type { ChunkPlace } from './footer.js';
import { Malformed } from './malformed.js';
import { readStruct } from './thrift.js';

/** Larger than any page of a tape: Parquet writers end pages at about 100 MB. */
const MOST_PAGE_BYTES = 128 << 20;

/** More values than any row group of a tape holds in one column: attributes of each row count. */
const MOST_VALUES = 1 << 24;

/** A page before its values are read. */
export interface Page {
  readonly isDictionary: boolean;
  readonly values: number;
  readonly encoding: number;
  readonly bytes: Uint8Array;
}

/** The pages of a chunk, decompressed, one after the other: the bytes of one are good until the next one is asked for. */
export function* pagesOf(file: Uint8Array, chunk: ChunkPlace): Generator<Page> {
  for (const page of storedPages(file, chunk)) yield { ...page, bytes: pageBytes(page, chunk.codec) };
}

/** The pages of a chunk as they are stored, one after the other. */
export function* storedPages(file: Uint8Array, chunk: ChunkPlace): Generator<StoredPage> {
  const { start, end, values } = chunk;
  if (!(values >= 0 && values <= MOST_VALUES)) {
    throw new Malformed(`${values} values in a row group; expected at most ${MOST_VALUES}`);
  }
  const cursor = new Cursor(file, start, end);
  let seen = 0;
  while (seen < values) {
    const page = readPage(cursor);
    if (!page.isDictionary) seen += page.values;
    if (page.values < 0 || seen > values)
      throw new Malformed(`pages of ${seen} values or more; the row group has ${values}`);
    yield page;
  }
}

/** What a page is when it is decompressed: good until another one is. */
export function pageBytes({ stored, size }: StoredPage, codec: number): Uint8Array {
  if (codec !== Codec.ZSTD && codec !== Codec.UNCOMPRESSED) {
    throw new Malformed(`compressed by codec ${codec}; expected ZSTD (6) or none (0)`);
  }
  const result = codec === Codec.ZSTD ? decompress(stored, size) : stored;
  if (result?.length !== size) {
    throw new Malformed(`a page that does not decompress to the ${size} bytes that it tells of`);
  }
  return result;
}

function readPage(cursor: Cursor): StoredPage {
  const header = readStruct(cursor);
  const type = header.integer(1);
  const size = header.integer(2);
  if (!(size >= 0 && size <= MOST_PAGE_BYTES)) {
    throw new Malformed(`a page of ${size} bytes; expected at most ${MOST_PAGE_BYTES}`);
  }
  const stored = cursor.take(header.integer(3));
  if (type !== PageType.DATA && type !== PageType.DICTIONARY) {
    throw new Malformed(`a page of type ${type}; expected data pages of version 1 and dictionaries`);
  }
  const isDictionary = type === PageType.DICTIONARY;
  const inner = header.struct(isDictionary ? 7 : 5);
  return { isDictionary, values: inner.integer(1), encoding: inner.integer(2), size, stored };
}
