import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readVarInt } from 'hyparquet/src/thrift.js';
import { InvalidFileError, reasonOf } from '../../../errors.js';
import { decompress as decompressZstd } from './decompress.js';
import { byteStrings, type ColumnChunk, numberOf, readStruct, type Struct, structOf } from './footer.js';

/** Texts side by side: text i is `bytes` from `starts[i]` to `ends[i]`. Good until those of the next page are asked for. */
export interface Texts {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** What follows the last text of the page: nothing, in a page that is what it says. */
  readonly rest: number;
}

/** A page that holds texts. */
export interface TextPage {
  readonly place: 'dictionary' | 'page';
  readonly texts: Texts;
  /** Byte strings of the page's header: statistics. */
  readonly header: readonly Uint8Array[];
}

const BYTE_ARRAY = 6;
const FIXED_LEN_BYTE_ARRAY = 7;
const PAGE = { data: 0, index: 1, dictionary: 2, dataV2: 3 } as const;
const ENCODING = { plain: 0, plainDictionary: 2, deltaLength: 6, rleDictionary: 8 } as const;
const CODEC = { uncompressed: 0, zstd: 6 } as const;

/** A page may become this large: what writers make is a hundred times smaller. */
const MAX_PAGE_BYTES = 1 << 30;

/** Whether the chunk can hold texts: all other types are numbers. */
export function holdsTexts({ type }: ColumnChunk): boolean {
  return type === BYTE_ARRAY || type === FIXED_LEN_BYTE_ARRAY;
}

/** The pages of a chunk that hold texts: its dictionary, and data pages that are not numbers of dictionary entries. */
export function* textPages(bytes: Buffer, chunk: ColumnChunk, file: string): Generator<TextPage> {
  for (const page of pageHeaders(bytes, chunk, file)) {
    const header = byteStrings(page.header);
    const place = numberOf(page.header.field_1) === PAGE.dictionary ? 'dictionary' : 'page';
    const texts = isIndices(page.header) ? NO_TEXTS : pageTexts(bytes, page, chunk, file);
    yield { place, texts, header };
  }
}

const NO_TEXTS: Texts = {
  bytes: Buffer.alloc(0),
  starts: new Int32Array(0),
  ends: new Int32Array(0),
  count: 0,
  rest: 0,
};

interface PageHeader {
  readonly header: Struct;
  readonly start: number;
  readonly end: number;
  readonly values: number;
}

function* pageHeaders(bytes: Buffer, chunk: ColumnChunk, file: string): Generator<PageHeader> {
  if (!(chunk.start >= 4 && chunk.end <= bytes.length)) {
    throw new InvalidFileError(file, `column ${chunk.path}: its chunk lies outside the file`);
  }
  for (let at = chunk.start; at < chunk.end; ) {
    const { struct: header, end: start } = readStruct(bytes, at, chunk.end, file);
    const end = start + numberOf(header.field_3);
    if (!(end >= start && end <= chunk.end)) {
      throw new InvalidFileError(file, `column ${chunk.path}: a page reaches beyond its chunk`);
    }
    const values = numberOf(structOf(header.field_5 ?? header.field_7 ?? header.field_8).field_1);
    yield { header, start, end, values };
    at = end;
  }
}

function encodingOf(header: Struct): number {
  if (header.field_8 !== undefined) return numberOf(structOf(header.field_8).field_4);
  return numberOf(structOf(header.field_5 ?? header.field_7).field_2);
}

/** Whether a page holds numbers of dictionary entries, and so no texts. */
function isIndices(header: Struct): boolean {
  const encoding = encodingOf(header);
  const isData = numberOf(header.field_1) !== PAGE.dictionary;
  return isData && (encoding === ENCODING.rleDictionary || encoding === ENCODING.plainDictionary);
}

function pageTexts(bytes: Buffer, page: PageHeader, chunk: ColumnChunk, file: string): Texts {
  const encoding = encodingOf(page.header);
  const isDictionary = numberOf(page.header.field_1) === PAGE.dictionary;
  const { values, start } = decompressed(bytes, page, chunk, file);
  if (chunk.type === FIXED_LEN_BYTE_ARRAY) return whole(values);
  if (isDictionary || encoding === ENCODING.plain) return plainTexts(values, start, page.values);
  if (encoding === ENCODING.deltaLength) return deltaLengthTexts(values, start, chunk, file);
  throw new InvalidFileError(
    file,
    `column ${chunk.path}: encoding ${encoding} is not one of texts that is known`,
  );
}

/** The values of a page, and where in the bytes they begin, after the levels. */
function decompressed(
  bytes: Buffer,
  { header, start, end }: PageHeader,
  chunk: ColumnChunk,
  file: string,
): { values: Buffer; start: number } {
  const size = numberOf(header.field_2);
  if (size < 0 || size > MAX_PAGE_BYTES)
    throw new InvalidFileError(file, `column ${chunk.path}: a page of ${size} bytes`);
  const v2 = header.field_8 === undefined ? undefined : structOf(header.field_8);
  const levels = v2 === undefined ? 0 : numberOf(v2.field_5) + numberOf(v2.field_6);
  const isCompressed = v2?.field_7 !== false;
  const stored = bytes.subarray(start + levels, end);
  const values = isCompressed ? decompress(stored, size - levels, chunk, file) : stored;
  if (v2 !== undefined || header.field_5 === undefined) return { values, start: 0 };
  let at = 0;
  for (const hasLevels of [chunk.repeated, chunk.optional]) {
    if (hasLevels && at + 4 <= values.length) at += 4 + values.readUInt32LE(at);
  }
  return { values, start: Math.min(at, values.length) };
}

function decompress(stored: Buffer, size: number, { codec, path }: ColumnChunk, file: string): Buffer {
  if (codec === CODEC.uncompressed || size === 0) return stored;
  if (codec !== CODEC.zstd)
    throw new InvalidFileError(file, `column ${path}: compression ${codec} is not ZSTD`);
  try {
    return decompressZstd(stored, size);
  } catch (error) {
    throw new InvalidFileError(file, `column ${path}: a page cannot be decompressed: ${reasonOf(error)}`);
  }
}

/** Where the texts of a page begin and end: one memory for all pages, of which there are tens of thousands. */
const places = { starts: new Int32Array(0), ends: new Int32Array(0) };

/** The memory, with room for so many texts. */
function placesFor(count: number): { starts: Int32Array; ends: Int32Array } {
  if (places.starts.length < count) {
    places.starts = new Int32Array(2 * count);
    places.ends = new Int32Array(2 * count);
  }
  return places;
}

/** PLAIN: the length of each text in four bytes before it. */
function plainTexts(bytes: Buffer, start: number, values: number): Texts {
  const most = Math.min(values, bytes.length >> 2);
  const { starts, ends } = placesFor(most);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let count = 0;
  let at = start;
  while (count < most && at + 4 <= bytes.length) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) break;
    starts[count] = at + 4;
    ends[count++] = end;
    at = end;
  }
  return { bytes, starts, ends, count, rest: bytes.length - at };
}

function whole(bytes: Buffer): Texts {
  return { bytes, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length), count: 1, rest: 0 };
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, delta-encoded, then all texts. */
function deltaLengthTexts(bytes: Buffer, start: number, { path, values }: ColumnChunk, file: string): Texts {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: start };
  try {
    const count = deltaCount(reader, values);
    const { starts, ends } = placesFor(count);
    const lengths = ends.subarray(0, count);
    deltaBinaryUnpack(reader, count, lengths);
    let end = reader.offset;
    for (let i = 0; i < count; i++) {
      starts[i] = end;
      ends[i] = end += lengths[i] ?? 0;
    }
    if (end > bytes.length) throw new RangeError('the texts would reach beyond their page');
    return { bytes, starts, ends, count, rest: bytes.length - end };
  } catch (error) {
    throw new InvalidFileError(file, `column ${path}: ${reasonOf(error)}`);
  }
}

/** How many deltas there are: the third number of the header, of which the first two say how they are grouped. */
function deltaCount({ view, offset }: { view: DataView; offset: number }, most: number): number {
  const reader = { view, offset };
  readVarInt(reader);
  readVarInt(reader);
  const count = readVarInt(reader);
  if (count > most) throw new RangeError(`${count} texts where there are ${most} values`);
  return count;
}
