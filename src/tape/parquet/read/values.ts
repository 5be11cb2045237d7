import type { FixedWidthColumn } from '../../columns/fixed_width.js';
import { TextColumn } from '../../columns/text.js';
import type { TextPool } from '../../columns/text_pool.js';
import { Encoding, isOfDictionary, Type } from '../format.js';
import type { Cursor } from './cursor.js';
import { readDeltas } from './delta.js';
import { readHybrid } from './hybrid.js';
import { Malformed } from './malformed.js';

/** Values one after the other: numbers of texts in the pool, halves of 64-bit integers, or the values themselves. */
export type Cells = Int32Array | Float64Array | Uint8Array;

/** Reads the values of one leaf in one row group. */
export interface ValueReader {
  /** How many elements of `Cells` a value takes. */
  readonly stride: number;
  readDictionary(from: Cursor, entries: number): void;
  /** The next `count` values. They are overwritten by the next call. */
  read(from: Cursor, encoding: number, count: number): Cells;
}

/** Reads values of Parquet's `type` for a column: of a text column into its pool. */
export function valueReader(type: number, column: TextColumn | FixedWidthColumn): ValueReader {
  return column instanceof TextColumn ? new TextReader(column.pool) : numberReader(type);
}

/** Reads values of Parquet's `type` that are no texts. */
export function numberReader(type: number): ValueReader {
  switch (type) {
    case Type.INT64:
      return new NumberReader(2, (length) => new Int32Array(length));
    case Type.INT32:
      return new NumberReader(1, (length) => new Int32Array(length));
    case Type.DOUBLE:
      return new NumberReader(1, (length) => new Float64Array(length));
    case Type.BOOLEAN:
      return new BitReader();
    default:
      throw new Malformed(`values of type ${type}, which no tape has`);
  }
}

/** Reads numbers into a dictionary; each is to be checked when it is looked up. */
function readIndices(from: Cursor, count: number): Int32Array {
  const indices = new Int32Array(count);
  if (count > 0) readHybrid(from, from.byte(), count, indices);
  return indices;
}

export function noEntry(index: number, entries: number): never {
  throw new Malformed(`entry ${index} of a dictionary of ${entries}`);
}

export function unknownEncoding(encoding: number): never {
  throw new Malformed(`encoding ${encoding}, which no tape has for such values`);
}

class TextReader implements ValueReader {
  readonly stride = 1;
  private dictionary = new Int32Array(0);
  /** Texts outside a dictionary: it judges whether looking up pays. */
  private readonly texts: TextColumn;

  constructor(private readonly pool: TextPool) {
    this.texts = new TextColumn(pool);
  }

  readDictionary(from: Cursor, entries: number): void {
    if (!(entries >= 0 && entries * 4 <= from.left)) {
      throw new Malformed(`a dictionary of ${entries} texts in ${from.left} bytes`);
    }
    this.dictionary = new Int32Array(entries);
    for (let i = 0; i < entries; i++) {
      const size = from.uint32();
      const start = from.skip(size);
      const text = this.pool.internUtf8(from.bytes, start, start + size);
      if (text < 0) throw new Malformed('a text that is not UTF-8');
      this.dictionary[i] = text;
    }
  }

  read(from: Cursor, encoding: number, count: number): Int32Array {
    if (isOfDictionary(encoding)) return this.lookUp(from, count);
    this.texts.truncate(0);
    if (encoding === Encoding.PLAIN) for (let i = 0; i < count; i++) this.append(from, from.uint32());
    else if (encoding === Encoding.DELTA_LENGTH_BYTE_ARRAY) {
      const lengths = new Int32Array(count * 2);
      if (count > 0) readDeltas(from, count, lengths);
      for (let i = 0; i < count; i++) this.append(from, lengths[i * 2] ?? 0);
    } else unknownEncoding(encoding);
    return this.texts.texts;
  }

  private append(from: Cursor, size: number): void {
    const start = from.skip(size);
    if (!this.texts.appendUtf8(from.bytes, start, start + size))
      throw new Malformed('a text that is not UTF-8');
  }

  private lookUp(from: Cursor, count: number): Int32Array {
    const { dictionary } = this;
    const indices = readIndices(from, count);
    for (let i = 0; i < count; i++) {
      const index = indices[i] ?? 0;
      indices[i] = dictionary[index] ?? noEntry(index, dictionary.length);
    }
    return indices;
  }
}

class NumberReader<A extends Int32Array | Float64Array> implements ValueReader {
  private dictionary: A;

  constructor(
    readonly stride: number,
    private readonly allocate: (length: number) => A,
  ) {
    this.dictionary = allocate(0);
  }

  readDictionary(from: Cursor, entries: number): void {
    this.dictionary = this.plain(from, entries);
  }

  read(from: Cursor, encoding: number, count: number): A {
    if (encoding === Encoding.PLAIN) return this.plain(from, count);
    if (isOfDictionary(encoding)) return this.lookUp(from, count);
    if (encoding === Encoding.DELTA_BINARY_PACKED && this.stride === 2) {
      const cells = this.allocate(count * 2);
      if (cells instanceof Int32Array && count > 0) readDeltas(from, count, cells);
      return cells;
    }
    return unknownEncoding(encoding);
  }

  private plain(from: Cursor, count: number): A {
    const size = count * this.stride * this.allocate(0).BYTES_PER_ELEMENT;
    const bytes = from.take(size);
    const cells = this.allocate(count * this.stride);
    // All machines that Node.js runs on are little-endian, as Parquet is.
    new Uint8Array(cells.buffer).set(bytes);
    return cells;
  }

  private lookUp(from: Cursor, count: number): A {
    const { dictionary, stride } = this;
    const indices = readIndices(from, count);
    const cells = this.allocate(count * stride);
    const entries = dictionary.length / stride;
    for (let i = 0; i < count; i++) {
      const index = indices[i] ?? 0;
      if (index >= entries) noEntry(index, entries);
      for (let cell = 0; cell < stride; cell++)
        cells[i * stride + cell] = dictionary[index * stride + cell] ?? 0;
    }
    return cells;
  }
}

class BitReader implements ValueReader {
  readonly stride = 1;

  readDictionary(): void {
    throw new Malformed('a dictionary of yes and no');
  }

  read(from: Cursor, encoding: number, count: number): Uint8Array {
    if (encoding !== Encoding.PLAIN) unknownEncoding(encoding);
    const bytes = from.take((count + 7) >> 3);
    return Uint8Array.from({ length: count }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);
  }
}
