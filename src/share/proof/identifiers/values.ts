import { isNumber } from '../search/bytes.js';
import { Hash } from '../search/hash.js';
import { Hashes } from '../search/hashes.js';
import { Ids } from '../search/ids.js';
import type { SpilledHashes } from '../search/spilled_hashes.js';

/** Hashes of whole values of columns and fields that hold names, those of ids apart; numbers are left out. */
export class Values {
  readonly names = new Hashes();
  private readonly shapes = new Ids();
  private readonly hash = new Hash();
  private text = Buffer.alloc(256);

  /** @param ids hashes of the digits of ids: there may be tens of millions */
  constructor(private readonly ids: SpilledHashes) {}

  add(bytes: Uint8Array, start: number, end: number): void {
    if (!this.addId(bytes, start, end)) this.addName(bytes, start, end);
  }

  addText(text: string): void {
    // Three bytes for a character at most.
    if (this.text.length < 3 * text.length) this.text = Buffer.alloc(6 * text.length);
    this.add(this.text, 0, this.text.write(text));
  }

  /** Adds a text that has the shape of an id; returns whether it has. */
  addId(bytes: Uint8Array, start: number, end: number): boolean {
    const { shapes } = this;
    if (!shapes.isId(bytes, start, end)) return false;
    // Zeros mean that there is no id.
    if (!shapes.isZero) this.ids.push(shapes.hash);
    return true;
  }

  /** Adds a text that has not, if it may be a name; returns whether it may. */
  addName(bytes: Uint8Array, start: number, end: number): boolean {
    if (!isName(bytes, start, end)) return false;
    this.names.push(this.hash.bytes(bytes, start, end));
    return true;
  }

  /** Adds every id within a text; of digests, as of commits, nothing, which may stay. */
  addIdsIn(text: string): void {
    const bytes = Buffer.from(text);
    this.shapes.each(bytes, 0, bytes.length, (from, to, isPart) => {
      if (!isPart) this.addId(bytes, from, to);
    });
  }
}

/** Whether a whole value may be somebody's name: one character or a number is not. */
export function isName(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start > 1 && !isNumber(bytes, start, end);
}
