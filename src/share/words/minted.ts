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
   * Adds the digest of a name.
   * @param high first half of the number that the word stands for, and `low` the second: equal for equal words
   */
  add(high: number, low: number, digest: Buffer): Standing {
    // Never zero, as a free slot is.
    const [first, second] = [digest.readUInt32BE(16) | 1, digest.readUInt32BE(20)];
    const at = this.slotOf(high, low);
    const { slots } = this;
    if (slots[at + 2] !== 0) {
      return slots[at + 2] === first >>> 0 && slots[at + 3] === second ? 'known' : 'taken';
    }
    slots.set([high, low, first, second], at);
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
      this.slots.set(slots.subarray(from, from + KEPT), to);
    }
  }
}
