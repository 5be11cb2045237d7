import type { TextColumn } from '../../src/tape/columns/text.js';
import type { EventBytes } from './event_bytes.js';

/** Texts that a column has, by the bytes that the names of a kernel are kept in: each is looked up once. */
export class KnownNames {
  private readonly texts = new Map<Uint8Array, number>();
  private generation = -1;

  constructor(private readonly column: TextColumn) {}

  /** Appends a name, NULL for none. */
  append(name: Uint8Array | undefined): void {
    const { column, texts } = this;
    if (name === undefined) {
      column.appendNull();
      return;
    }
    if (this.generation !== column.pool.generation) {
      texts.clear();
      this.generation = column.pool.generation;
    }
    let text = texts.get(name);
    if (text === undefined) {
      text = column.pool.intern(name, 0, name.length);
      texts.set(name, text);
    }
    column.appendText(text);
  }
}

/** Places for known values: a power of two. A value that falls on the place of another replaces it. */
const PLACES = 4096;

/** Texts that a column has, by the 16 bytes that they were made of: addresses and names of interfaces come again. */
export class KnownWords {
  /** Five numbers for each place: the value's four words, and the number of its text plus 1. */
  private readonly places = new Int32Array(PLACES * 5);
  private generation = -1;

  /** `append` appends the text of the value at a position to the column. */
  constructor(
    private readonly column: TextColumn,
    private readonly appendNew: (events: EventBytes, at: number) => void,
  ) {}

  /** Appends the text of the 16 bytes at a position. */
  append(events: EventBytes, at: number): void {
    const { column, places } = this;
    const { view } = events;
    if (this.generation !== column.pool.generation) {
      places.fill(0);
      this.generation = column.pool.generation;
    }
    const a = view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 12, true);
    let hash = Math.imul(
      a ^ Math.imul(b ^ Math.imul(c ^ Math.imul(d, 0x9e3779b1), 0x85ebca6b), 0xc2b2ae35),
      0x27d4eb2f,
    );
    hash ^= hash >>> 15;
    const place = (hash & (PLACES - 1)) * 5;
    const text = places[place + 4] ?? 0;
    if (
      text > 0 &&
      places[place] === a &&
      places[place + 1] === b &&
      places[place + 2] === c &&
      places[place + 3] === d
    ) {
      column.appendText(text - 1);
      return;
    }
    this.appendNew(events, at);
    places[place] = a;
    places[place + 1] = b;
    places[place + 2] = c;
    places[place + 3] = d;
    places[place + 4] = (column.texts[column.length - 1] ?? -1) + 1;
  }
}
