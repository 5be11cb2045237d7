import { Cursor } from './cursor.js';
import { readHybrid, sameNumber } from './hybrid.js';
import type { Leaf } from './leaves.js';
import { Malformed } from './malformed.js';

/** Levels of the values of a page. */
export interface Levels {
  /** Undefined outside lists. */
  readonly repetition: Uint8Array | undefined;
  /** One number where all have the same level, as where nothing is NULL, or everything. */
  readonly definition: Uint8Array | number;
  /** How many values are there: neither NULL nor an empty list. */
  readonly present: number;
}

/** Reads the levels before the values of a data page of version 1. */
export function readLevels(from: Cursor, leaf: Leaf, count: number): Levels {
  const { repeated, mostDefinition } = leaf;
  const repetition = repeated ? levels(from, 1, count) : undefined;
  const definition = mostDefinition > 0 ? sameOrLevels(from, mostDefinition, count) : mostDefinition;
  if (typeof definition === 'number') {
    return { repetition, definition, present: definition === mostDefinition ? count : 0 };
  }
  let present = 0;
  for (let i = 0; i < count; i++) if (definition[i] === mostDefinition) present++;
  return { repetition, definition: present === count ? mostDefinition : definition, present };
}

/** Most columns of a page are one run: without NULLs, or nothing else. */
function sameOrLevels(from: Cursor, most: number, count: number): Uint8Array | number {
  const { at } = from;
  const level = sameNumber(new Cursor(from.take(from.uint32())), widthOf(most), count);
  if (level !== undefined) return checked(level, most);
  from.at = at;
  return levels(from, most, count);
}

function levels(from: Cursor, most: number, count: number): Uint8Array {
  const result = new Uint8Array(count);
  readHybrid(new Cursor(from.take(from.uint32())), widthOf(most), count, result);
  // Of 1 and 3 the bits cannot say more.
  if (most !== 2 ** widthOf(most) - 1) for (let i = 0; i < count; i++) checked(result[i] ?? 0, most);
  return result;
}

function checked(level: number, most: number): number {
  if (level > most) throw new Malformed(`a level of ${level}; expected at most ${most}`);
  return level;
}

/** How many bits levels take of which the highest is this. */
export function widthOf(most: number): number {
  return 32 - Math.clz32(most);
}
