import { isNumber } from '../search/bytes.js';
import { Hash, HashSet, type SharedSet } from '../search/hash_set.js';
import { Ids } from '../search/ids.js';

/** Ids and values of a tape in memory that threads share, and how many they are. */
export interface SharedValues {
  readonly ids: SharedSet;
  readonly values: SharedSet;
  readonly size: number;
}

/** Whole values of columns and fields that hold names, those that are ids apart; numbers are left out. */
export class Values {
  readonly ids: Ids;
  private readonly set: HashSet;
  private readonly hash = new Hash();

  /** @param shared what is among these too */
  constructor(shared: readonly SharedValues[] = []) {
    this.ids = new Ids(shared.map(({ ids }) => ids));
    this.set = new HashSet(shared.map(({ values }) => values));
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (end - start < 2 || this.ids.add(bytes, start, end) || isNumber(bytes, start, end)) return;
    this.set.add(this.hash.bytes(bytes, start, end));
  }

  addText(text: string): void {
    const bytes = Buffer.from(text);
    this.add(bytes, 0, bytes.length);
  }

  /** Whether a text is one of them, and neither id nor number. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    return !isNumber(bytes, start, end) && this.set.has(this.hash.bytes(bytes, start, end));
  }

  /** Hands over what was added to be read by other threads. */
  handOver(): SharedValues {
    const size = this.ids.size + this.set.size;
    return { ids: this.ids.handOver(), values: this.set.handOver(), size };
  }
}
