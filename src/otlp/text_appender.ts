import { NULL_TEXT, type TextColumn } from '../tape/columns/text.js';
import { appendText } from './append.js';
import type { ByteRange } from './pending.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Bits of a place, and so many texts are remembered. */
const PLACE_BITS = 8;
const PLACES = 1 << PLACE_BITS;

/** Fills a column with texts of which there are few, such as names of operations: those that came are known again soon. */
export class TextAppender {
  /** Numbers in the pool of texts that came, at the places that their size and end tell. */
  private readonly places = new Int32Array(PLACES).fill(NULL_TEXT);
  private generation = -1;

  constructor(private readonly column: TextColumn) {}

  /** Appends text from a request; counts it where it had to be mended. */
  append(reader: ProtobufReader, range: ByteRange): void {
    const { column, places } = this;
    const { start, stop } = range;
    if (this.generation !== column.pool.generation) this.forget();
    const place = placeOf(reader, start, stop);
    const text = places[place] ?? NULL_TEXT;
    if (text !== NULL_TEXT && column.pool.equals(text, reader.view, start, stop)) column.appendText(text);
    else {
      appendText(column, reader, range);
      places[place] = column.texts[column.length - 1] ?? NULL_TEXT;
    }
  }

  /** Forgets what is known: the pool's numbers have other meanings now. */
  private forget(): void {
    this.places.fill(NULL_TEXT);
    this.generation = this.column.pool.generation;
  }
}

function placeOf({ view }: ProtobufReader, start: number, stop: number): number {
  const size = stop - start;
  return size < 4 ? 0 : Math.imul(view.getInt32(stop - 4, true) ^ size, 0x9e3779b1) >>> (32 - PLACE_BITS);
}
