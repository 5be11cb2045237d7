import { grown } from '../tape/columns/column.js';

/** Letters of the types of a row's values, one for each so far. */
export class TypeLetters {
  count = 0;
  /** Replaced when it grows, with its view. */
  bytes: Uint8Array = new Uint8Array(64);
  view = new DataView(this.bytes.buffer);

  /** Adds a letter, given as a character code. */
  add(letter: number): void {
    if (this.count === this.bytes.length) this.grow();
    this.bytes[this.count++] = letter;
  }

  clear(): void {
    this.count = 0;
  }

  private grow(): void {
    this.bytes = grown(this.bytes, (length) => new Uint8Array(length), this.count + 1);
    this.view = new DataView(this.bytes.buffer);
  }
}
