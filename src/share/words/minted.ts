/** Numbers kept of a digest: two are its word's, two tell one name from another. */
const KEPT = 4;
const FIRST_SLOTS = 1 << 10;

/** What a digest was found to be: of a name that is new, of one that is known, or of another name with the same word. */
export type Standing = 'new' | 'known' | 'taken';

/**
 * The words that were minted, 16 bytes each however long their names: a tape may have millions. A name is known by
 * the half of its digest that its word is not made of.
 */
export class Minted {
  /** Slots of KEPT numbers each; zeros are a free one. */
  private slots = new Uint32Array(FIRST_SLOTS * KEPT);
  private count = 0;

  /**
   * Adds a name, everything of it a number of 32 bits.
   * @param high first half of what the word stands for, and `low` the second: equal for equal words
   * @param first of the rest of the name's digest, and `second`
   */
  add(high: number, low: number, first: number, second: number): Standing {
    const at = this.slotOf(high, low);
    const { slots } = this;
    // Never zero, as in a free slot.
    const marked = (first | 1) >>> 0;
    if (slots[at + 2] !== 0) return slots[at + 2] === marked && slots[at + 3] === second ? 'known' : 'taken';
    slots[at] = high;
    slots[at + 1] = low;
    slots[at + 2] = marked;
    slots[at + 3] = second;
    if (++this.count * 2 > slots.length / KEPT) this.grow();
    return 'new';
  }

  /** Where a word is, or the free slot where it belongs. */
  private slotOf(high: number, low: number): number {
    const { slots } = this;
    const mask = slots.length / KEPT - 1;
    for (let slot = (Math.imul(high, 0x9e3779b1) ^ low) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * KEPT;
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
    }
  }

  private grow(): void {
    const { slots } = this;
    this.slots = new Uint32Array(slots.length * 2);
    for (let from = 0; from < slots.length; from += KEPT) {
      if (slots[from + 2] === 0) continue;
      const to = this.slotOf(slots[from] ?? 0, slots[from + 1] ?? 0);
      for (let i = 0; i < KEPT; i++) this.slots[to + i] = slots[from + i] ?? 0;
    }
  }
}
