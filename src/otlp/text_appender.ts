import { NULL_TEXT, type TextColumn } from '../tape/columns/text.js';

/** Bits of a place, and so many texts are remembered. */
const PLACE_BITS = 8;
const PLACES = 1 << PLACE_BITS;

/** Bytes that texts come from, such as those of a request, and a view of them. */
interface Bytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Fills a column with texts of which there are few, such as names of operations: those that came are known again soon. */
export class TextAppender {
  /** Numbers in the pool of texts that came, at the places that their size and end tell. */
  private readonly places = new Int32Array(PLACES).fill(NULL_TEXT);
  private generation = -1;

  constructor(private readonly column: TextColumn) {}

  /** Appends the bytes from `start` to `stop`. What is not UTF-8 becomes U+FFFD; returns false if that was needed. */
  append(from: Bytes, start: number, stop: number): boolean {
    const { column, places } = this;
    if (this.generation !== column.pool.generation) this.forget();
    const place = placeOf(from, start, stop);
    const text = places[place] ?? NULL_TEXT;
    if (text !== NULL_TEXT && column.pool.equals(text, from.view, start, stop)) {
      column.appendText(text);
      return true;
    }
    const isValid = column.appendUtf8(from.bytes, start, stop);
    // A text that was mended is another than its bytes, and never equals them.
    places[place] = column.texts[column.length - 1] ?? NULL_TEXT;
    return isValid;
  }

  /** Forgets what is known: the pool's numbers have other meanings now. */
  private forget(): void {
    this.places.fill(NULL_TEXT);
    this.generation = this.column.pool.generation;
  }
}

function placeOf({ view }: Bytes, start: number, stop: number): number {
  const size = stop - start;
  return size < 4 ? 0 : Math.imul(view.getInt32(stop - 4, true) ^ size, 0x9e3779b1) >>> (32 - PLACE_BITS);
}
