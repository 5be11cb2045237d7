import { TextPool } from '../../columns/text_pool.js';
import { Encoding, isOfDictionary } from '../format.js';
import type { StoredPage } from '../stored_chunk.js';
import { Cursor } from './cursor.js';
import { readDeltas } from './delta.js';
import { isExact } from './exact.js';
import type { ChunkPlace } from './footer.js';
import { type Numbers, readNumbers } from './hybrid.js';
import { type Levels, readLevels } from './levels.js';
import { Malformed } from './malformed.js';
import { pageBytes, storedPages } from './pages.js';
import { noEntry, unknownEncoding } from './values.js';

/** More than any text of a tape has: a request of OTLP has less. */
const MOST_TEXT_BYTES = 32 << 20;

/** Which entries of a chunk are values, and with the numbers of their texts. */
export interface Entries extends Levels {
  /** Of each value that is there, the number of its text. */
  readonly numbers: Numbers;
}

/**
 * A chunk of texts: its dictionary, and only when they are asked for, which entry has which. Texts outside a dictionary
 * have a number each, equal ones too.
 * @throws Malformed where something is wrong with the chunk
 */
export class TextChunk {
  /** The texts by their numbers. */
  readonly pool: TextPool;
  /** Whether every value is a number into the chunk's dictionary. */
  readonly isDictionary: boolean;
  /** The data pages, as they are stored. */
  readonly pages: readonly StoredPage[];
  private readonly texts: number;
  private known: Entries | undefined;
  /** Whether the data pages that were read hold nothing that readers do not see. */
  private areExact = true;

  constructor(
    file: Uint8Array,
    readonly place: ChunkPlace,
  ) {
    const [first, ...others] = storedPages(file, place);
    const dictionary = first?.isDictionary ? first : undefined;
    this.pages = dictionary || first === undefined ? others : [first, ...others];
    if (this.pages.some((page) => page.isDictionary)) throw new Malformed('a dictionary after other pages');
    this.pool = dictionary === undefined ? new TextPool() : dictionaryOf(dictionary, place);
    this.texts = this.pool.count;
    this.isDictionary = this.pages.every(({ encoding }) => isOfDictionary(encoding));
    if (!this.isDictionary) this.known = this.read();
  }

  /** Whether the data pages hold nothing but levels and numbers into the dictionary: then they can be taken over. */
  get isOfNumbers(): boolean {
    return this.isDictionary && this.entries.present > 0 && this.areExact;
  }

  get entries(): Entries {
    this.known ??= this.read();
    return this.known;
  }

  private read(): Entries {
    const { leaf, values, codec } = this.place;
    const pages = this.pages.map((page) => {
      const from = new Cursor(pageBytes(page, codec));
      const levels = readLevels(from, leaf, page.values);
      const numbers = this.numbers(from, page.encoding, levels.present);
      this.areExact &&= isExact(page, from.bytes, this.place, levels.present);
      return { ...levels, numbers, values: page.values };
    });
    const [only] = pages;
    if (pages.length === 1 && only !== undefined) return only;
    return joined(pages, values, leaf.repeated);
  }

  /** The numbers of the next `count` texts. */
  private numbers(from: Cursor, encoding: number, count: number): Numbers {
    const { texts } = this;
    if (isOfDictionary(encoding)) {
      const numbers = count > 0 ? readNumbers(from, from.byte(), count) : new Int32Array(0);
      for (let i = 0; i < count; i++) if ((numbers[i] ?? 0) >= texts) noEntry(numbers[i] ?? 0, texts);
      return numbers;
    }
    const numbers = new Int32Array(count);
    if (encoding === Encoding.PLAIN)
      for (let i = 0; i < count; i++) numbers[i] = addText(this.pool, from, from.uint32());
    else if (encoding === Encoding.DELTA_LENGTH_BYTE_ARRAY) {
      const lengths = new Int32Array(count * 2);
      if (count > 0) readDeltas(from, count, lengths);
      const first = this.pool.count;
      this.addAll(from, lengths);
      for (let i = 0; i < count; i++) numbers[i] = first + i;
    } else unknownEncoding(encoding);
    return numbers;
  }

  /** Adds texts whose bytes lie side by side, their lengths at every other place of an array. */
  private addAll(from: Cursor, lengths: Int32Array): void {
    let size = 0;
    for (let i = 0; i < lengths.length; i += 2) {
      const length = lengths[i] ?? 0;
      if (length < 0 || length > MOST_TEXT_BYTES) throw tooLong(length);
      size += length;
    }
    if (!this.pool.addAllUtf8(from.bytes, from.skip(size), lengths)) throw notUtf8();
  }
}

/** The texts of a dictionary. */
function dictionaryOf(page: StoredPage, { values, codec }: ChunkPlace): TextPool {
  const texts = page.values;
  if (texts > values) throw new Malformed(`a dictionary of ${texts} texts for ${values} values`);
  const from = new Cursor(pageBytes(page, codec));
  const pool = new TextPool(page.size, texts);
  for (let i = 0; i < texts; i++) addText(pool, from, from.uint32());
  return pool;
}

/** Adds the text of so many bytes that comes next; returns its number. */
function addText(pool: TextPool, from: Cursor, size: number): number {
  if (size > MOST_TEXT_BYTES) throw tooLong(size);
  const start = from.skip(size);
  const text = pool.addUtf8(from.bytes, start, start + size);
  if (text < 0) throw notUtf8();
  return text;
}

function tooLong(bytes: number): Malformed {
  return new Malformed(`a text of ${bytes} bytes; expected at most ${MOST_TEXT_BYTES}`);
}

function notUtf8(): Malformed {
  return new Malformed('a text that is not UTF-8');
}

/** The entries of pages, one page after the other. */
function joined(
  pages: readonly (Entries & { readonly values: number })[],
  values: number,
  repeated: boolean,
): Entries {
  const present = pages.reduce((sum, page) => sum + page.present, 0);
  const repetition = repeated ? new Uint8Array(values) : undefined;
  const definition = new Uint8Array(values);
  const numbers = new Int32Array(present);
  let [entry, value] = [0, 0];
  for (const page of pages) {
    if (page.repetition !== undefined) repetition?.set(page.repetition, entry);
    if (typeof page.definition === 'number') definition.fill(page.definition, entry, entry + page.values);
    else definition.set(page.definition, entry);
    numbers.set(page.numbers, value);
    entry += page.values;
    value += page.present;
  }
  return { repetition, definition, present, numbers };
}
