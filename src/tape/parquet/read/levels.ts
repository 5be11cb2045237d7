import { Cursor } from './cursor.js';
import { readHybrid } from './hybrid.js';
import type { Leaf } from './leaves.js';
import { Malformed } from './malformed.js';

/** Levels of the values of a page; undefined where all are there and none is in a list. */
export interface Levels {
  readonly repetition: Uint8Array | undefined;
  readonly definition: Uint8Array | undefined;
  /** How many values are there: neither NULL nor an empty list. */
  readonly present: number;
}

/** Reads the levels before the values of a data page of version 1. */
export function readLevels(from: Cursor, leaf: Leaf, count: number): Levels {
  const { repeated, mostDefinition } = leaf;
  const repetition = repeated ? levels(from, 1, count) : undefined;
  const definition = mostDefinition > 0 ? levels(from, mostDefinition, count) : undefined;
  if (definition === undefined) return { repetition, definition, present: count };
  let present = 0;
  for (let i = 0; i < count; i++) if (definition[i] === mostDefinition) present++;
  return { repetition, definition: present === count && !repeated ? undefined : definition, present };
}

function levels(from: Cursor, most: number, count: number): Uint8Array {
  const result = new Uint8Array(count);
  readHybrid(new Cursor(from.take(from.uint32())), 32 - Math.clz32(most), count, result);
  for (let i = 0; i < count; i++) {
    if ((result[i] ?? 0) > most) throw new Malformed(`a level of ${result[i]}; expected at most ${most}`);
  }
  return result;
}
