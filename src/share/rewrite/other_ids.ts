import { readHex } from '../../tape/columns/hex.js';
import type { TextPool } from '../../tape/columns/text_pool.js';
import { Scratch } from '../../tape/parquet/scratch.js';
import type { Ids } from '../words/ids.js';

/** Sizes in bytes of span ids and trace ids. */
const SIZES = [8, 16] as const;

/** Stands for texts that are no ids. */
const NO_ID = -1;

/** For one chunk after the other. */
const bytesOf = new Scratch((length) => new Uint8Array(length));
const startsOf = new Scratch((length) => new Int32Array(length));

/**
 * The other ids of those texts of a pool that are span ids or trace ids: all made at once, as bytes. Good until those of
 * another pool are made.
 */
export class OtherIds {
  private readonly bytes: Uint8Array;
  /** Where the id of each text begins in `bytes`. */
  private readonly starts: Int32Array;

  constructor(
    private readonly texts: TextPool,
    ids: Ids,
  ) {
    this.bytes = bytesOf.of((texts.starts[texts.count] ?? 0) >> 1);
    this.starts = startsOf.of(texts.count + 1).fill(NO_ID, 0, texts.count + 1);
    let end = 0;
    for (const size of SIZES) {
      const first = end;
      end = this.read(size, first);
      ids.raw(this.bytes.subarray(first, end), size);
    }
  }

  /** Reads the ids of a size side by side, from `first` on; returns where they end. */
  private read(size: number, first: number): number {
    const { bytes } = this;
    const { count, view, starts } = this.texts;
    let end = first;
    for (let text = 0, start = 0; text < count; text++) {
      const next = starts[text + 1] ?? 0;
      if (next - start === size * 2 && readHex(view, start, bytes, end, end + size)) {
        this.starts[text] = end;
        end += size;
      }
      start = next;
    }
    return end;
  }

  has(text: number): boolean {
    return (this.starts[text] ?? NO_ID) !== NO_ID;
  }

  /** The end of the texts from this one on that are ids of one size: their other ids lie side by side. */
  endOfRun(text: number): number {
    const size = this.texts.size(text);
    let end = text;
    while (this.has(end) && this.texts.size(end) === size) end++;
    return end;
  }

  /** Adds the other ids of the texts from `first` to `end`, which all are ids of one size. */
  addTo(pool: TextPool, first: number, end: number): void {
    pool.addHex(this.bytes, this.starts[first] ?? NO_ID, this.texts.size(first) / 2, end - first);
  }
}
