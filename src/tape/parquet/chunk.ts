import { ByteBuffer } from './byte_buffer.js';
import { Codec, Encoding, PageType } from './format.js';
import { binary, i32, i64, list, struct, type Thrift, writeStruct } from './thrift.js';
import { compress } from './zstd.js';

/** Chunks of fewer bytes than this are not compressed: nothing would be won. */
const SMALL = 128;

/** Extremes of a chunk, as PLAIN encodes them. */
export interface Extremes {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** The chunk of one column that is being made: its pages are filled, then it is written to the file. */
export class Chunk {
  /** The dictionary's texts, PLAIN; empty for a chunk without a dictionary. */
  readonly dictionary = new ByteBuffer();
  entries = 0;
  /** The page's levels and values. */
  readonly page = new ByteBuffer();
  /** Values of the page, NULLs and empty lists counted. */
  values = 0;
  nulls = 0;
  encoding: number = Encoding.PLAIN;
  extremes: Extremes | undefined;

  clear(): void {
    this.dictionary.clear();
    this.page.clear();
    this.entries = 0;
    this.values = 0;
    this.nulls = 0;
    this.encoding = Encoding.PLAIN;
    this.extremes = undefined;
  }

  /** Writes the pages to the file; returns the ColumnChunk for the footer and the bytes before compression. */
  writeTo(file: ByteBuffer, path: readonly string[], type: number): { meta: Thrift; uncompressed: number } {
    const codec = this.dictionary.length + this.page.length < SMALL ? Codec.UNCOMPRESSED : Codec.ZSTD;
    const start = file.length;
    let uncompressed = 0;
    if (this.entries > 0) uncompressed += this.writePage(file, codec, PageType.DICTIONARY);
    const dataOffset = file.length;
    uncompressed += this.writePage(file, codec, PageType.DATA);
    const encodings = new Set<number>([
      Encoding.RLE,
      this.encoding,
      ...(this.entries > 0 ? [Encoding.PLAIN] : []),
    ]);
    const meta = struct({
      1: i32(type),
      2: list([...encodings].map(i32)),
      3: list(path.map(binary)),
      4: i32(codec),
      5: i64(this.values),
      6: i64(uncompressed),
      7: i64(file.length - start),
      9: i64(dataOffset),
      11: this.entries > 0 ? i64(start) : undefined,
      12: this.statistics(),
    });
    return { meta: struct({ 2: i64(0), 3: meta }), uncompressed };
  }

  /** Writes a page with its header; returns its size before compression. */
  private writePage(file: ByteBuffer, codec: number, type: number): number {
    const bytes = (type === PageType.DATA ? this.page : this.dictionary).written;
    const stored = codec === Codec.ZSTD ? compress(bytes) : bytes;
    const start = file.length;
    writeStruct(file, {
      1: i32(type),
      2: i32(bytes.length),
      3: i32(stored.length),
      5: type === PageType.DATA ? this.dataHeader() : undefined,
      7: type === PageType.DATA ? undefined : struct({ 1: i32(this.entries), 2: i32(Encoding.PLAIN) }),
    });
    const header = file.length - start;
    file.bytes(stored);
    return header + bytes.length;
  }

  private dataHeader(): Thrift {
    return struct({ 1: i32(this.values), 2: i32(this.encoding), 3: i32(Encoding.RLE), 4: i32(Encoding.RLE) });
  }

  private statistics(): Thrift {
    const { extremes } = this;
    return struct({
      3: i64(this.nulls),
      5: extremes && binary(extremes.max),
      6: extremes && binary(extremes.min),
    });
  }
}
