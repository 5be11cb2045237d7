import type { Lists } from '../columns/nested.js';
import { NULL_TEXT, type TextColumn } from '../columns/text.js';
import type { TextPool } from '../columns/text_pool.js';
import type { ByteBuffer } from './byte_buffer.js';
import type { Chunk } from './chunk.js';
import { writeDeltas } from './delta.js';
import { Encoding } from './format.js';
import { writeListNumbers, writeNumbers, writeRun } from './hybrid.js';
import type { Numbers } from './read/hybrid.js';
import { Scratch } from './scratch.js';
import type { Extremes } from './stored_chunk.js';

/** Above this share of different texts a dictionary would only repeat the column. */
const MOSTLY_DIFFERENT = 0.7;

/** So few texts are always a dictionary, and its extremes are kept if each has at most so many bytes. */
const FEW = 256;
const SHORT = 64;

/** Numbers stay below this, to fit 32 bits. */
const MOST_NUMBER = 2 ** 31 - 1;

/** Numbers the different texts of a chunk, in the order in which they come. */
class Numbering {
  /** How many different texts there are. */
  entries = 0;
  /** The texts by their numbers here. */
  texts = new Int32Array(0);
  /** Number of each text of the pool here, plus 1, plus `base`; not above `base` for those that did not come. */
  private entryOf = new Int32Array(0);
  /** Rises from chunk to chunk, so that numbers of those before need not be erased. */
  private base = 0;
  private readonly spareTexts = new Scratch((length) => new Int32Array(length));
  private readonly spareEntries = new Scratch((length) => new Int32Array(length));

  /** Begins a chunk of at most so many values. */
  begin(pool: TextPool, values: number): void {
    this.base += this.entries;
    this.entries = 0;
    this.texts = this.spareTexts.of(values);
    this.entryOf = this.spareEntries.of(pool.count);
    if (this.base + values < MOST_NUMBER) return;
    this.entryOf.fill(0);
    this.base = 0;
  }

  /** Puts the number of each row's text into `numbers`, NULLs left out; returns how many there are. */
  number(column: TextColumn, rows: Uint32Array, count: number, numbers: Int32Array): number {
    const { texts, entryOf, base } = this;
    const from = column.texts;
    let { entries } = this;
    let present = 0;
    for (let i = 0; i < count; i++) {
      const text = from[rows[i] ?? 0] ?? NULL_TEXT;
      if (text === NULL_TEXT) continue;
      let known = (entryOf[text] ?? 0) - base;
      if (known <= 0) {
        texts[entries] = text;
        known = ++entries;
        entryOf[text] = base + known;
      }
      numbers[present++] = known - 1;
    }
    this.entries = entries;
    return present;
  }
}

/**
 * Writes the values of a text column: as numbers into a dictionary of those texts that occur, or the texts themselves
 * where hardly one repeats.
 */
export class TextValues {
  private readonly numbering = new Numbering();
  private readonly numbers = new Scratch((length) => new Int32Array(length));
  private readonly items = new Scratch((length) => new Uint32Array(length));

  /** Writes the texts of `count` rows, NULLs left out, after the chunk's levels. */
  write(chunk: Chunk, column: TextColumn, rows: Uint32Array, count: number): void {
    const { pool } = column;
    if (count === 0 || column.nulls === column.length) return;
    const { numbering } = this;
    numbering.begin(pool, count);
    const numbers = this.numbers.of(count);
    const constant = isConstant(column);
    // Items of lists may stand in more rows than one: then they repeat, be they new or not.
    if (!constant && column.length > FEW && count <= column.length && allNew(column)) {
      writeTexts(chunk, pool, numbers, gatherTexts(column, rows, count, numbers));
      return;
    }
    const numbered = numbering.number(column, rows, constant ? 1 : count, numbers);
    const present = constant ? count : numbered;
    if (present === 0) return;
    const { texts, entries } = numbering;
    if (entries > FEW && entries > present * MOSTLY_DIFFERENT) {
      for (let i = 0; i < present; i++) numbers[i] = texts[numbers[i] ?? 0] ?? 0;
      writeTexts(chunk, pool, numbers, present);
      return;
    }
    const width = writeDictionary(chunk, pool, texts, entries);
    if (entries === 1) writeRun(chunk.page, 0, present, width);
    else writeNumbers(chunk.page, numbers, present, width);
  }

  /** Writes the `total` items of the lists of the rows, of a column without NULLs: each item is numbered once. */
  writeLists(chunk: Chunk, column: TextColumn, lists: Lists, rows: Uint32Array, total: number): void {
    const { numbering } = this;
    const { length } = column;
    if (total === 0) return;
    numbering.begin(column.pool, length);
    const numbers = this.numbers.of(length);
    numbering.number(column, ascending(this.items.of(length)), length, numbers);
    const width = writeDictionary(chunk, column.pool, numbering.texts, numbering.entries);
    writeListNumbers(chunk.page, numbers, length, width, lists, rows, total);
  }
}

/**
 * Writes a dictionary of so many texts, and into the page of how many bytes their numbers are going to be, which it
 * returns: 1, 2 or 3.
 */
export function writeDictionary(chunk: Chunk, pool: TextPool, texts: Int32Array, entries: number): number {
  const { dictionary, page } = chunk;
  chunk.entries = entries;
  chunk.encoding = Encoding.RLE_DICTIONARY;
  for (let i = 0; i < entries; i++) {
    const text = texts[i] ?? 0;
    dictionary.uint32(pool.size(text));
    copyTexts(dictionary, pool, text, text + 1);
  }
  if (entries <= FEW) chunk.extremes = extremesOf(pool, texts, entries);
  const width = entries <= 1 << 8 ? 1 : entries <= 1 << 16 ? 2 : 3;
  page.byte(width * 8);
  return width;
}

const lengthsOf = new Scratch((length) => new Int32Array(length));

/** Writes texts themselves, and before them their lengths: equal ones take next to nothing. */
export function writeTexts(chunk: Chunk, pool: TextPool, texts: Numbers, count: number): void {
  if (count === 0) return;
  const lengths = lengthsOf.of(count);
  for (let i = 0; i < count; i++) lengths[i] = pool.size(texts[i] ?? 0);
  chunk.encoding = Encoding.DELTA_LENGTH_BYTE_ARRAY;
  writeDeltas(chunk.page, lengths, count);
  for (let i = 0; i < count; ) {
    const first = texts[i] ?? 0;
    let end = first;
    // Texts that are neighbours in the pool are copied at once.
    while (i < count && texts[i] === end) {
      i++;
      end++;
    }
    copyTexts(chunk.page, pool, first, end);
  }
}

/** Whether each text was new to the pool when it came, as random ids are: their numbers ascend. */
function allNew({ texts, length }: TextColumn): boolean {
  let last = NULL_TEXT;
  for (let row = 0; row < length; row++) {
    const text = texts[row] ?? NULL_TEXT;
    if (text === NULL_TEXT) continue;
    if (text <= last) return false;
    last = text;
  }
  return true;
}

/** Puts the texts of the rows into `to`, NULLs left out; returns how many there are. */
function gatherTexts({ texts }: TextColumn, rows: Uint32Array, count: number, to: Int32Array): number {
  let present = 0;
  for (let i = 0; i < count; i++) {
    const text = texts[rows[i] ?? 0] ?? NULL_TEXT;
    if (text !== NULL_TEXT) to[present++] = text;
  }
  return present;
}

/** Whether every row has the same text. */
function isConstant({ texts, length }: TextColumn): boolean {
  const [first] = texts;
  let same = 1;
  while (same < length && texts[same] === first) same++;
  return same >= length;
}

/** Appends the texts from `first` to `end`. */
function copyTexts(to: ByteBuffer, { data, view, starts }: TextPool, first: number, end: number): void {
  to.copy(data, view, starts[first] ?? 0, starts[end] ?? 0);
}

/** Fills an array with the numbers from 0 on. */
export function ascending<A extends Int32Array | Uint32Array>(array: A): A {
  for (let i = 0; i < array.length; i++) array[i] = i;
  return array;
}

/** The least and the greatest of the texts by their bytes; none where one is long. */
function extremesOf({ data, starts }: TextPool, texts: Int32Array, count: number): Extremes | undefined {
  let extremes: Extremes | undefined;
  for (const text of texts.subarray(0, count)) {
    const bytes = data.subarray(starts[text], starts[text + 1]);
    if (bytes.length > SHORT) return undefined;
    const { min, max } = extremes ?? { min: bytes, max: bytes };
    extremes = {
      min: Buffer.compare(bytes, min) < 0 ? bytes : min,
      max: Buffer.compare(bytes, max) > 0 ? bytes : max,
    };
  }
  return extremes;
}
