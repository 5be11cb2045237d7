import { InvalidFileError, reasonOf } from '../../../errors.js';
import type { Place } from '../leak.js';
import { type Body, bodyOf } from './bodies.js';
import { endOfDeltas } from './deltas.js';
import { byteStrings, type ColumnChunk } from './footer.js';
import { PAGE, type PageHeader, pageHeaders } from './page_headers.js';
import { eachRun, type Runs } from './runs.js';
import { deltaLengthTexts, joinedTexts, NO_TEXTS, plainTexts, type Texts } from './texts.js';

/** A page, of which texts and other bytes are good until those of the next page are asked for. */
export interface Page {
  readonly place: Place & ('dictionary' | 'page');
  readonly texts: Texts;
  /** Byte strings of the page's header: statistics. */
  readonly header: readonly Uint8Array[];
  /** What is in it that nobody reads: behind levels, values and compressed frames. */
  readonly unaccounted: readonly Uint8Array[];
}

/** Parquet's numbers of types, and the bytes of a value of those that are numbers of whole bytes. */
const TYPE = { boolean: 0, byteArray: 6, fixedLengthByteArray: 7 } as const;
const BYTES_OF_TYPE = new Map([
  [1, 4],
  [2, 8],
  [3, 12],
  [4, 4],
  [5, 8],
]);

const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  delta: 5,
  deltaLength: 6,
  rleDictionary: 8,
  split: 9,
} as const;

/** Whether the chunk can hold texts: all other types are numbers. */
export function holdsTexts({ type }: ColumnChunk): boolean {
  return type === TYPE.byteArray || type === TYPE.fixedLengthByteArray;
}

/**
 * The pages of a chunk, whole.
 *
 * @throws InvalidFileError naming the column, for what is not as the headers say
 */
export function* pagesOf(bytes: Buffer, chunk: ColumnChunk, file: string): Generator<Page> {
  for (const page of pageHeaders(bytes, chunk, file))
    yield naming(chunk, file, () => pageOf(bytes, page, chunk));
}

/** The texts of a chunk, by pages: of those that have none nothing is read. */
export function* textsIn(bytes: Buffer, chunk: ColumnChunk, file: string): Generator<Texts> {
  for (const page of pageHeaders(bytes, chunk, file)) {
    if (hasTexts(page, chunk))
      yield naming(chunk, file, () => textsOf(bodyOf(bytes, page, chunk), page, chunk));
  }
}

/** What reading gives; an error in it names the file and the column. */
export function naming<Result>({ path }: ColumnChunk, file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new InvalidFileError(file, `column ${path}: ${reasonOf(error)}`);
  }
}

function pageOf(file: Buffer, page: PageHeader, chunk: ColumnChunk): Page {
  const body = bodyOf(file, page, chunk);
  const texts = hasTexts(page, chunk) ? textsOf(body, page, chunk) : undefined;
  const unread = texts?.unaccounted ?? [body.bytes.subarray(endOfNumbers(body, page, chunk))];
  return {
    place: page.kind === PAGE.dictionary ? 'dictionary' : 'page',
    texts: texts ?? NO_TEXTS,
    header: byteStrings(page.header),
    unaccounted: [...body.unaccounted, ...unread].filter(({ length }) => length > 0),
  };
}

/** Whether a page holds texts, neither numbers nor those of entries of the dictionary. */
export function hasTexts(page: PageHeader, chunk: ColumnChunk): boolean {
  return holdsTexts(chunk) && !isIndices(page);
}

function isIndices({ kind, encoding }: PageHeader): boolean {
  return (
    kind !== PAGE.dictionary && (encoding === ENCODING.rleDictionary || encoding === ENCODING.plainDictionary)
  );
}

function textsOf(
  { bytes, start, present }: Body,
  { kind, encoding }: PageHeader,
  { type }: ColumnChunk,
): Texts {
  if (type === TYPE.fixedLengthByteArray) return joinedTexts(bytes);
  if (kind === PAGE.dictionary || encoding === ENCODING.plain) return plainTexts(bytes, start, present);
  if (encoding === ENCODING.deltaLength) return deltaLengthTexts(bytes, start, present);
  throw new RangeError(`encoding ${encoding} is not one of texts that is known`);
}

/** Where the values end of a page of numbers; where they begin, if it is not known how they are encoded. */
function endOfNumbers({ bytes, start, present }: Body, page: PageHeader, { type }: ColumnChunk): number {
  const packed =
    start + (type === TYPE.boolean ? Math.ceil(present / 8) : present * (BYTES_OF_TYPE.get(type) ?? 0));
  if (page.kind === PAGE.dictionary) return packed;
  if (isIndices(page)) return eachRun(indicesOf(bytes, start, present));
  switch (page.encoding) {
    case ENCODING.plain:
    case ENCODING.split:
      return packed;
    case ENCODING.rle:
      return eachRun({ bytes, start: start + 4, end: bytes.length, bits: 1, count: present });
    case ENCODING.delta:
      return endOfDeltas(bytes, start, bytes.length, present).used;
    default:
      return start;
  }
}

/** Numbers of entries of the dictionary, behind a byte that tells their bits. */
export function indicesOf(bytes: Buffer, start: number, count: number): Runs {
  return { bytes, start: start + 1, end: bytes.length, bits: bytes[start] ?? 0, count };
}
