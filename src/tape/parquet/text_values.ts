import { NULL_TEXT, type TextColumn } from '../columns/text.js';
import type { TextPool } from '../columns/text_pool.js';
import type { ByteBuffer } from './byte_buffer.js';
import type { Chunk, Extremes } from './chunk.js';
import { writeDeltas } from './delta.js';
import { Encoding } from './format.js';
import { writeNumbers, writeRun } from './hybrid.js';
import { Scratch } from './scratch.js';

/** Above this share of different texts a dictionary would only repeat the column. */
const MOSTLY_DIFFERENT = 0.7;

/** So few texts are always a dictionary, and its extremes are kept if each has at most so many bytes. */
const FEW = 256;
const SHORT = 64;

/** Below this many bytes a loop copies faster than a call into the engine. */
const SHORT_COPY = 256;

/** A column whose items rows refer to so often, such as the attributes of resources, has each numbered once. */
const OFTEN = 4;

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

  numberOf(text: number): number {
    const known = (this.entryOf[text] ?? 0) - this.base;
    if (known > 0) return known - 1;
    this.texts[this.entries++] = text;
    this.entryOf[text] = this.base + this.entries;
    return this.entries - 1;
  }
}

/**
 * Writes the values of a text column: as numbers into a dictionary of those texts that occur, or the texts themselves
 * where hardly one repeats.
 */
export class TextValues {
  private readonly numbering = new Numbering();
  private readonly numbers = new Scratch((length) => new Int32Array(length));
  private readonly lengths = new Scratch((length) => new Int32Array(length));

  /** Writes the texts of `count` rows, NULLs left out, after the chunk's levels. */
  write(chunk: Chunk, column: TextColumn, rows: Uint32Array, count: number): void {
    const { pool } = column;
    if (count === 0 || column.nulls === column.length) return;
    const { numbering } = this;
    numbering.begin(pool, Math.max(count, column.length));
    const numbers = this.numbers.of(count);
    const constant = constantOf(column);
    let present = count;
    // Items of lists may stand in more rows than one: then they repeat, be they new or not.
    if (constant === undefined && column.length > FEW && count <= column.length && allNew(column)) {
      this.writeTexts(chunk, pool, numbers, gatherTexts(column, rows, count, numbers));
      return;
    }
    if (constant !== undefined) numbering.numberOf(constant);
    else if (column.nulls === 0 && column.length * OFTEN < count)
      this.numberItems(column, rows, count, numbers);
    else present = this.numberRows(column, rows, count, numbers);
    if (present === 0) return;
    const { texts, entries } = numbering;
    if (entries > FEW && entries > present * MOSTLY_DIFFERENT) {
      for (let i = 0; i < present; i++) numbers[i] = texts[numbers[i] ?? 0] ?? 0;
      this.writeTexts(chunk, pool, numbers, present);
    } else this.writeDictionary(chunk, pool, texts, entries, numbers, present);
  }

  /** Puts the number of each row's text into `numbers`, NULLs left out; returns how many there are. */
  private numberRows({ texts }: TextColumn, rows: Uint32Array, count: number, numbers: Int32Array): number {
    const { numbering } = this;
    let present = 0;
    for (let i = 0; i < count; i++) {
      const text = texts[rows[i] ?? 0] ?? NULL_TEXT;
      if (text !== NULL_TEXT) numbers[present++] = numbering.numberOf(text);
    }
    return present;
  }

  /** As `numberRows`, for a column without NULLs that has few items: each is looked up once. */
  private numberItems(
    { texts, length }: TextColumn,
    items: Uint32Array,
    count: number,
    numbers: Int32Array,
  ): void {
    const numberOf = this.lengths.of(length);
    for (let item = 0; item < length; item++) numberOf[item] = this.numbering.numberOf(texts[item] ?? 0);
    for (let i = 0; i < count; i++) numbers[i] = numberOf[items[i] ?? 0] ?? 0;
  }

  private writeDictionary(
    chunk: Chunk,
    pool: TextPool,
    texts: Int32Array,
    entries: number,
    numbers: Int32Array,
    count: number,
  ): void {
    chunk.entries = entries;
    chunk.encoding = Encoding.RLE_DICTIONARY;
    const { dictionary, page } = chunk;
    for (let i = 0; i < entries; i++) {
      dictionary.uint32(pool.size(texts[i] ?? 0));
      copyText(dictionary, pool, texts[i] ?? 0);
    }
    const width = entries <= 1 << 8 ? 1 : entries <= 1 << 16 ? 2 : 3;
    page.byte(width * 8);
    if (entries === 1) writeRun(page, 0, count, width);
    else writeNumbers(page, numbers, count, width);
    if (entries <= FEW) chunk.extremes = extremesOf(pool, texts, entries);
  }

  /** Writes the texts themselves, and before them their lengths: equal ones take next to nothing. */
  private writeTexts(chunk: Chunk, pool: TextPool, texts: Int32Array, count: number): void {
    if (count === 0) return;
    const lengths = this.lengths.of(count);
    for (let i = 0; i < count; i++) lengths[i] = pool.size(texts[i] ?? 0);
    chunk.encoding = Encoding.DELTA_LENGTH_BYTE_ARRAY;
    writeDeltas(chunk.page, lengths, count);
    for (let i = 0; i < count; i++) copyText(chunk.page, pool, texts[i] ?? 0);
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

/** The text that every row has, if it is so. */
function constantOf({ texts, length }: TextColumn): number | undefined {
  const first = texts[0] ?? NULL_TEXT;
  let same = 1;
  while (same < length && texts[same] === first) same++;
  return same >= length ? first : undefined;
}

/** Appends the bytes of a text: four at a time, the last four overlapping those before. */
function copyText(to: ByteBuffer, { data, view, starts }: TextPool, text: number): void {
  const start = starts[text] ?? 0;
  const size = (starts[text + 1] ?? 0) - start;
  const at = to.room(size);
  to.length = at + size;
  const target = to.view;
  if (size < 4) for (let i = 0; i < size; i++) to.data[at + i] = data[start + i] ?? 0;
  else if (size > SHORT_COPY) to.data.set(data.subarray(start, start + size), at);
  else {
    for (let i = 0; i < size - 4; i += 4) target.setInt32(at + i, view.getInt32(start + i, true), true);
    target.setInt32(at + size - 4, view.getInt32(start + size - 4, true), true);
  }
}

/** The least and the greatest of the texts by their bytes; none where one is long. */
function extremesOf({ data, starts }: TextPool, texts: Int32Array, count: number): Extremes | undefined {
  const bytes = Array.from(texts.subarray(0, count), (text) => data.subarray(starts[text], starts[text + 1]));
  if (bytes.some(({ length }) => length > SHORT)) return undefined;
  const [min, ...others] = bytes.sort(Buffer.compare);
  return min && { min, max: others.at(-1) ?? min };
}
