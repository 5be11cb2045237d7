import { Malformed } from '../../tape/parquet/read/malformed.js';
import type { TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { definitionOf } from './rows.js';

/** Stands for a NULL among the values. */
export const NO_VALUE = -1;

/** The items of a map's rows: pairs of a key and a value, or NULL. */
export class Pairs {
  readonly rows: number;
  /** By item, the number of its key. */
  readonly keyAt: Int32Array;
  /** Where the items of each row begin, and after the last row where they end. */
  readonly starts: Int32Array;
  /** By item, which of the values it has, or NO_VALUE. */
  readonly valueAt: Int32Array;

  /** @throws Malformed where keys and values are not in pairs */
  constructor(
    readonly keys: TextChunk,
    readonly values: TextChunk,
  ) {
    const { repetition = NONE, numbers } = keys.entries;
    if (Buffer.compare(repetition, values.entries.repetition ?? NONE) !== 0) throw notInPairs();
    this.keyAt = numbers;
    this.valueAt = new Int32Array(numbers.length);
    this.starts = new Int32Array(repetition.length + 1);
    this.rows = areAll(keys) && areAll(values) ? this.complete(repetition) : this.incomplete(repetition);
    this.starts[this.rows] = numbers.length;
  }

  /** Where every entry is an item that has a value. */
  private complete(repetition: Uint8Array): number {
    const { starts, valueAt } = this;
    let rows = 0;
    for (let item = 0; item < repetition.length; item++) {
      valueAt[item] = item;
      if (repetition[item] === 0) starts[rows++] = item;
    }
    return rows;
  }

  private incomplete(repetition: Uint8Array): number {
    const { starts, valueAt } = this;
    const { itemDefinition, mostDefinition } = this.values.place.leaf;
    const isKey = this.keys.place.leaf.mostDefinition;
    let [rows, item, value] = [0, 0, 0];
    for (let entry = 0; entry < repetition.length; entry++) {
      if (repetition[entry] === 0) starts[rows++] = item;
      const level = definitionOf(this.values.entries, entry);
      if (level < itemDefinition !== definitionOf(this.keys.entries, entry) < isKey) throw notInPairs();
      if (level >= itemDefinition) valueAt[item++] = level === mostDefinition ? value++ : NO_VALUE;
    }
    return rows;
  }
}

const NONE = new Uint8Array(0);

/** Whether every entry is a value: then their levels are one number. */
function areAll({ entries, place }: TextChunk): boolean {
  return entries.definition === place.leaf.mostDefinition;
}

function notInPairs(): Malformed {
  return new Malformed('keys and values that are not in pairs');
}
