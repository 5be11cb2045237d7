import type { Numbers } from '../../tape/parquet/read/hybrid.js';
import type { Entries, TextChunk } from '../../tape/parquet/read/text_chunk.js';
import { Scratch } from '../../tape/parquet/scratch.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withEntries, withTexts } from '../../tape/parquet/text_chunks.js';
import type { NewTexts } from './new_texts.js';
import { definitionOf } from './rows.js';

/** Stands for the work on a text that nothing has. */
const NONE = -1;

/** For one chunk after the other. */
const worksOf = new Scratch((length) => new Int32Array(length));

/**
 * The texts of a chunk where what becomes of one depends on what stands beside it: each is made once for each work that
 * is to be done to it.
 */
export class UsedTexts {
  /** By value, what is to be done to its text. */
  readonly works: Int32Array;
  /** By text, the work that it is first used with; for others it gets texts of its own, after all those. */
  readonly first: Int32Array;
  /** By text, which of the other works it was used with last: few texts have more than one. */
  readonly last: Int32Array;
  private readonly added: { readonly text: number; readonly work: number }[] = [];
  /** By work and text, the number of the text that it gets. */
  private readonly numbers = new Map<number, number>();

  constructor(private readonly source: TextChunk) {
    this.works = worksOf.of(source.entries.present);
    this.first = new Int32Array(source.pool.count).fill(NONE);
    this.last = this.first.slice();
  }

  /** Says what is to be done to the text of a value: a number from 0 on. */
  use(value: number, work: number): void {
    const text = this.source.entries.numbers[value] ?? 0;
    this.works[value] = work;
    if (this.first[text] !== work && this.last[text] !== work) this.add(text, work);
  }

  /** Says that a text is used with this work, which is neither its first nor the last of the others. */
  add(text: number, work: number): void {
    const { first, last, added, numbers } = this;
    if (first[text] === NONE) {
      first[text] = work;
      return;
    }
    last[text] = work;
    const key = this.keyOf(text, work);
    if (numbers.has(key)) return;
    numbers.set(key, first.length + added.length);
    added.push({ text, work });
  }

  /**
   * The new chunk, its values counted.
   * @param make adds one text; false where a value that has it becomes none
   */
  made(texts: NewTexts, make: (text: number, work: number) => boolean): StoredChunk {
    const { first, added, source } = this;
    const { entries } = source;
    const dropped = new Set<number>();
    for (let text = 0; text < first.length; text++) {
      const work = first[text] ?? NONE;
      if (work === NONE) texts.none();
      else if (!make(text, work)) dropped.add(text);
    }
    added.forEach(({ text, work }, i) => {
      if (!make(text, work)) dropped.add(first.length + i);
    });
    const areSame = this.unite(texts, dropped);
    const numbers = areSame ? entries.numbers : this.renumbered();
    texts.countNumbers(numbers);
    if (dropped.size > 0) return withEntries(source, texts.pool, this.without(dropped, numbers));
    return areSame ? withTexts(source, texts.pool) : withEntries(source, texts.pool, { ...entries, numbers });
  }

  private keyOf(text: number, work: number): number {
    return work * this.first.length + text;
  }

  /** Has texts keep their numbers where both works made the same; whether all do. */
  private unite(texts: NewTexts, dropped: ReadonlySet<number>): boolean {
    const { first, added, numbers } = this;
    let areSame = true;
    added.forEach(({ text, work }, i) => {
      const other = first.length + i;
      if (texts.isSame(text, other) && dropped.has(text) === dropped.has(other))
        numbers.set(this.keyOf(text, work), text);
      else areSame = false;
    });
    return areSame;
  }

  /** Of each value the number of what its text becomes there. */
  private renumbered(): Int32Array {
    const { first, works } = this;
    return Int32Array.from(this.source.entries.numbers, (text, value) => {
      const work = works[value] ?? 0;
      return first[text] === work ? text : (this.numbers.get(this.keyOf(text, work)) ?? text);
    });
  }

  /** The entries without values of these numbers. */
  private without(dropped: ReadonlySet<number>, numbers: Numbers): Entries {
    const { place, entries } = this.source;
    const { mostDefinition } = place.leaf;
    const definition = new Uint8Array(place.values);
    const kept: number[] = [];
    for (let entry = 0, value = 0; entry < definition.length; entry++) {
      const level = definitionOf(entries, entry);
      definition[entry] = level;
      if (level < mostDefinition) continue;
      const number = numbers[value++] ?? 0;
      if (dropped.has(number)) definition[entry] = level - 1;
      else kept.push(number);
    }
    return { ...entries, definition, numbers: Int32Array.from(kept), present: kept.length };
  }
}
