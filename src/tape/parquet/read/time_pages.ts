import { Encoding, PageType, PLAIN_DICTIONARY, Type } from '../format.js';
import type { StoredPage } from '../stored_chunk.js';
import { Cursor } from './cursor.js';
import type { Leaf } from './leaves.js';
import { readLevels } from './levels.js';
import { Malformed } from './malformed.js';
import { pageBytes } from './pages.js';
import { I32, readStrict, Shape } from './strict_struct.js';
import { numberReader, type ValueReader } from './values.js';

/** Bytes of a time. */
export const TIME_BYTES = 8;

/** Encodings of what ktape and DuckDB write. */
export const ENCODING = { oneOf: [...Object.values(Encoding), PLAIN_DICTIONARY] };

const DATA_PAGE = new Shape({ 1: I32, 2: ENCODING, 3: ENCODING, 4: ENCODING });
const DICTIONARY_PAGE = new Shape({ 1: I32, 2: ENCODING });
const PAGE = new Shape(
  { 1: { oneOf: Object.values(PageType) }, 2: I32, 3: I32 },
  { 5: DATA_PAGE, 7: DICTIONARY_PAGE },
);

/**
 * Reads the pages of the times of a row group, none but such as ktape and DuckDB write.
 * @throws Malformed, and for NULLs
 */
export function readTimePages(from: Cursor, codec: number, leaf: Leaf, rows: number, times: Times): void {
  const values = numberReader(Type.INT64);
  let hasDictionary = false;
  for (let seen = 0; seen < rows; ) {
    const page = readPage(from, rows - seen);
    const bytes = new Cursor(pageBytes(page, codec));
    if (!page.isDictionary) {
      readDataPage(bytes, page, leaf, values, times);
      seen += page.values;
    } else if (seen === 0 && !hasDictionary) {
      values.readDictionary(bytes, page.values);
      hasDictionary = true;
    } else throw new Malformed('a dictionary after other pages');
  }
}

/** Reads a page of at most `most` times, as it is stored. */
function readPage(from: Cursor, most: number): StoredPage {
  const header = readStrict(from, PAGE);
  const type = header.number(1);
  const isDictionary = type === PageType.DICTIONARY;
  const inner = header.struct(isDictionary ? 7 : 5);
  const [values, size] = [inner.number(1), header.number(2)];
  const isFitting = values > 0 && values <= most && size >= 0 && size <= mostBytes(values);
  if (!isFitting || !(isDictionary || (type === PageType.DATA && inner.number(3) === Encoding.RLE))) {
    throw new Malformed(`a page of type ${type} that has ${values} times in ${size} bytes`);
  }
  return { isDictionary, values, encoding: inner.number(2), size, stored: from.take(header.number(3)) };
}

/** More than so many times take in any encoding, with their levels and the last block filled up. */
function mostBytes(times: number): number {
  return 2 * TIME_BYTES * times + 4096;
}

function readDataPage(
  from: Cursor,
  { values: count, encoding }: StoredPage,
  leaf: Leaf,
  values: ValueReader,
  times: Times,
): void {
  if (readLevels(from, leaf, count).present !== count) throw new Malformed('NULLs among the times');
  if (encoding === Encoding.DELTA_BINARY_PACKED) checkBlocks(new Cursor(from.bytes, from.at));
  const cells = values.read(from, encoding, count);
  if (cells instanceof Int32Array) times.add(cells, count);
}

/** The format demands blocks of these sizes, and some readers insist on it. */
function checkBlocks(from: Cursor): void {
  const block = from.varint();
  const size = block / from.varint();
  if (block === 0 || block % 128 !== 0 || size % 32 !== 0)
    throw new Malformed(`deltas in blocks of ${block} values`);
}

/** Follows times, each given as its low and high 32 bits. */
export class Times {
  first: bigint | undefined;
  last: bigint | undefined;
  sorted = true;

  add(cells: Int32Array, count: number): void {
    const first = timeAt(cells, 0);
    this.first ??= first;
    if (this.last !== undefined && first < this.last) this.sorted = false;
    this.last = timeAt(cells, count - 1);
    this.sorted &&= isSorted(cells, count);
  }
}

function timeAt(cells: Int32Array, row: number): bigint {
  return (BigInt(cells[row * 2 + 1] ?? 0) << 32n) | BigInt((cells[row * 2] ?? 0) >>> 0);
}

function isSorted(cells: Int32Array, count: number): boolean {
  let low = (cells[0] ?? 0) >>> 0;
  let high = cells[1] ?? 0;
  for (let at = 2; at < count * 2; at += 2) {
    const nextLow = (cells[at] ?? 0) >>> 0;
    const nextHigh = cells[at + 1] ?? 0;
    if (nextHigh < high || (nextHigh === high && nextLow < low)) return false;
    low = nextLow;
    high = nextHigh;
  }
  return true;
}
