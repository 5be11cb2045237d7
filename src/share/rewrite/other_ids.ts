import type { TextPool } from '../../tape/columns/text_pool.js';
import type { Ids } from '../words/ids.js';

/** Sizes in bytes of span ids and trace ids. */
const SIZES = [8, 16] as const;

/** What each byte is as a hexadecimal digit; NO_DIGIT for all but `0` to `9` and `a` to `f`. */
const NO_DIGIT = 16;
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte));
  return digit < 0 ? NO_DIGIT : digit;
});

/** Stands for texts that are no ids. */
const NO_ID = -1;

/** The other ids of those texts of a pool that are span ids or trace ids: all made at once, as bytes. */
export class OtherIds {
  private readonly bytes: Uint8Array;
  /** Where the id of each text begins in `bytes`. */
  private readonly starts: Int32Array;

  constructor(
    private readonly texts: TextPool,
    ids: Ids,
  ) {
    this.bytes = new Uint8Array((texts.starts[texts.count] ?? 0) >> 1);
    this.starts = new Int32Array(texts.count).fill(NO_ID);
    let end = 0;
    for (const size of SIZES) {
      const first = end;
      end = this.read(size, first);
      ids.raw(this.bytes.subarray(first, end), size);
    }
  }

  /** Reads the ids of a size side by side, from `first` on; returns where they end. */
  private read(size: number, first: number): number {
    const { count, data, starts } = this.texts;
    let end = first;
    for (let text = 0, start = 0; text < count; text++) {
      const next = starts[text + 1] ?? 0;
      if (next - start === size * 2 && readHex(data, start, this.bytes, end, size)) {
        this.starts[text] = end;
        end += size;
      }
      start = next;
    }
    return end;
  }

  has(text: number): boolean {
    return this.starts[text] !== NO_ID;
  }

  /** Adds the other id of a text that is one. */
  addTo(pool: TextPool, text: number): void {
    const start = this.starts[text] ?? NO_ID;
    pool.addHex(this.bytes, start, start + this.texts.size(text) / 2);
  }
}

/** Reads so many bytes in lower-case hex; false where the digits are others. */
function readHex(from: Uint8Array, start: number, to: Uint8Array, at: number, size: number): boolean {
  let seen = 0;
  for (let i = 0; i < size; i++) {
    const high = DIGITS[from[start + i * 2] ?? 0] ?? NO_DIGIT;
    const low = DIGITS[from[start + i * 2 + 1] ?? 0] ?? NO_DIGIT;
    seen |= high | low;
    to[at + i] = (high << 4) | low;
  }
  return (seen & NO_DIGIT) === 0;
}
