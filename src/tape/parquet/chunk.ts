import { ByteBuffer } from './byte_buffer.js';
import { Codec, Encoding } from './format.js';
import { type Extremes, type StoredChunk, storedPage } from './stored_chunk.js';

/** Chunks of fewer bytes than this are not compressed: nothing would be won. */
const SMALL = 128;

/** The chunk of one column that is being made: its pages are filled, then it is stored. */
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

  /** What was made, compressed. */
  stored(): StoredChunk {
    const { dictionary, page, entries, values, nulls, encoding, extremes } = this;
    const codec = dictionary.length + page.length < SMALL ? Codec.UNCOMPRESSED : Codec.ZSTD;
    const pages = [storedPage(page.written, codec, { isDictionary: false, values, encoding })];
    if (entries > 0) {
      const plain = { isDictionary: true, values: entries, encoding: Encoding.PLAIN };
      pages.unshift(storedPage(dictionary.written, codec, plain));
    }
    return { codec, values, nulls, extremes, pages };
  }
}
