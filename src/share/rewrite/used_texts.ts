import type { Entries, TextChunk } from '../../tape/parquet/read/text_chunk.js';
import type { StoredChunk } from '../../tape/parquet/stored_chunk.js';
import { withEntries, withTexts } from '../../tape/parquet/text_chunks.js';
import type { NewTexts } from './new_texts.js';
import { definitionOf } from './rows.js';

/** Stands for the work on a text that nothing has. */
const NONE = -1;

/**
 * The texts of a chunk where what becomes of one depends on what stands beside it. What is to be done to the text of
 * each value is told first, as the number of a work; then each text is made once for each work.
 */
export class UsedTexts {
  /** By text, the work that it is first used with; others get a text of their own, after all those. */
  private readonly first: Int32Array;
  private readonly others = new Map<number, Map<number, number>>();
  /** By text, which of the other works it was used with last, and its number for that: few texts have more than one. */
  private readonly last: Int32Array;
  private readonly lastNumber: Int32Array;
  private readonly added: { readonly text: number; readonly work: number }[] = [];
  private readonly numbers: Int32Array;

  constructor(private readonly source: TextChunk) {
    this.first = new Int32Array(source.pool.count).fill(NONE);
    this.last = this.first.slice();
    this.lastNumber = this.first.slice();
    this.numbers = source.entries.numbers.slice();
  }

  /** Says what work is to be done to the text of a value. */
  use(value: number, work: number): void {
    const text = this.numbers[value] ?? 0;
    const first = this.first[text];
    if (first === work) return;
    if (first === NONE) this.first[text] = work;
    else {
      if (this.last[text] !== work) this.another(text, work);
      this.numbers[value] = this.lastNumber[text] ?? 0;
    }
  }

  /**
   * The new chunk, its values counted.
   * @param make adds one text; false where a value that has it becomes none
   */
  made(texts: NewTexts, make: (text: number, work: number) => boolean): StoredChunk {
    const { first, added, source } = this;
    const dropped = new Set<number>();
    for (let text = 0; text < first.length; text++) {
      const work = first[text] ?? NONE;
      if (work === NONE) texts.none();
      else if (!make(text, work)) dropped.add(text);
    }
    added.forEach(({ text, work }, i) => {
      if (!make(text, work)) dropped.add(first.length + i);
    });
    const isRenumbered = this.unite(texts);
    texts.countNumbers(this.numbers);
    if (dropped.size > 0) return withEntries(source, texts.pool, this.without(dropped));
    if (isRenumbered) return withEntries(source, texts.pool, { ...source.entries, numbers: this.numbers });
    return withTexts(source, texts.pool);
  }

  /** Finds the number of the text for this work, which is not the one that it was used with first. */
  private another(text: number, work: number): void {
    const known = this.others.get(text) ?? new Map<number, number>();
    this.others.set(text, known);
    const number = known.get(work) ?? this.first.length + this.added.length;
    if (!known.has(work)) {
      known.set(work, number);
      this.added.push({ text, work });
    }
    this.last[text] = work;
    this.lastNumber[text] = number;
  }

  /** Has values keep their numbers where both works made the same; false where all do. */
  private unite(texts: NewTexts): boolean {
    const { first, added, numbers } = this;
    if (added.length === 0) return false;
    const kept = added.map(({ text }, i) => (texts.isSame(text, first.length + i) ? text : first.length + i));
    let isRenumbered = false;
    for (let value = 0; value < numbers.length; value++) {
      const number = (numbers[value] ?? 0) - first.length;
      if (number < 0) continue;
      numbers[value] = kept[number] ?? 0;
      if ((kept[number] ?? 0) >= first.length) isRenumbered = true;
    }
    return isRenumbered;
  }

  /** The entries without values of these numbers. */
  private without(dropped: ReadonlySet<number>): Entries {
    const { place, entries } = this.source;
    const { mostDefinition } = place.leaf;
    const definition = new Uint8Array(place.values);
    const kept: number[] = [];
    for (let entry = 0, value = 0; entry < definition.length; entry++) {
      const level = definitionOf(entries, entry);
      definition[entry] = level;
      if (level < mostDefinition) continue;
      const number = this.numbers[value++] ?? 0;
      if (dropped.has(number)) definition[entry] = level - 1;
      else kept.push(number);
    }
    return { ...entries, definition, numbers: Int32Array.from(kept), present: kept.length };
  }
}
