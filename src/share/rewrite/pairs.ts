import type { Numbers } from '../../tape/parquet/read/hybrid.js';
import { Malformed } from '../../tape/parquet/read/malformed.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { definitionOf, NONE, numbersByEntry } from './rows.js';

/** The entries of a map's rows: pairs of a key and a value, and one for a row that has none. */
export class Pairs {
  /** 0 where an entry begins a row, 1 where it goes on with it. */
  readonly repetition: Uint8Array;
  /** By entry, the number of its key, or NONE. */
  readonly keyAt: Numbers;
  /** By entry, the number of its value's text, or NONE. */
  readonly textAt: Numbers;

  /** @throws Malformed where keys and values are not in pairs */
  constructor(
    readonly keys: TextChunk,
    readonly values: TextChunk,
  ) {
    const { repetition } = keys.entries;
    const alike = values.entries.repetition;
    if (repetition === undefined || alike === undefined || Buffer.compare(repetition, alike) !== 0)
      throw notInPairs();
    this.repetition = repetition;
    this.keyAt = numbersByEntry(keys);
    this.textAt = numbersByEntry(values);
    this.check();
  }

  /** The entries that begin rows. */
  rowStarts(): Int32Array {
    const starts = new Int32Array(this.repetition.length);
    let rows = 0;
    for (let entry = 0; entry < starts.length; entry++)
      if (this.repetition[entry] === 0) starts[rows++] = entry;
    return starts.subarray(0, rows);
  }

  /** Checks that there is a value, or NULL, where there is a key. */
  private check(): void {
    const { keys, values } = this;
    const areAlike =
      typeof keys.entries.definition === 'number' && typeof values.entries.definition === 'number';
    const entries = areAlike ? Math.min(1, this.keyAt.length) : this.keyAt.length;
    for (let entry = 0; entry < entries; entry++) {
      const isItem = definitionOf(values.entries, entry) >= values.place.leaf.itemDefinition;
      if (isItem !== (this.keyAt[entry] !== NONE)) throw notInPairs();
    }
  }
}

function notInPairs(): Malformed {
  return new Malformed('keys and values that are not in pairs');
}
