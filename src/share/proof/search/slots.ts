const FIRST_SLOTS = 16;
/** Slots that are filled at most, of all, and by how much a fuller table grows. */
const FILLED = 0.66;
const GROWTH = 1.5;

/** Hashes of 64 bits in a table: pairs of 32 bits; where the second is 0 a slot is free, and at least one is. */
export class Slots {
  /** How many hashes there are. */
  filled = 0;
  private count = 0;
  private scale = 0;

  /** @param slots a table to be read, of which `filled` is not known */
  constructor(private slots: Int32Array<ArrayBufferLike> = new Int32Array(2 * FIRST_SLOTS)) {
    this.use(slots);
  }

  add(a: number, b: number): void {
    const at = this.find(a, b || 1);
    if (this.slots[at + 1] !== 0) return;
    this.slots[at] = a;
    this.slots[at + 1] = b || 1;
    if (++this.filled > this.count * FILLED) this.moveTo(new Int32Array(2 * Math.ceil(this.count * GROWTH)));
  }

  has(a: number, b: number): boolean {
    return this.slots[this.find(a, b || 1) + 1] !== 0;
  }

  /** Empties the table, and makes room for so many. */
  reserve(hashes: number): void {
    const count = Math.ceil(hashes / FILLED) + 1;
    if (count > this.slots.length / 2) this.use(new Int32Array(2 * count));
    else this.use(this.slots.fill(0));
    this.filled = 0;
  }

  /** The hashes in a table as small as can be, in memory that threads share. */
  shared(): Int32Array<SharedArrayBuffer> {
    const slots = new Int32Array(new SharedArrayBuffer(8 * (Math.ceil(this.filled / FILLED) + 1)));
    this.moveTo(slots);
    return slots;
  }

  /** Where the hash is, or would be put. */
  private find(a: number, b: number): number {
    const { slots } = this;
    let at = 2 * Math.trunc((b >>> 0) * this.scale);
    for (;;) {
      const there = slots[at + 1];
      if (there === 0 || (there === b && slots[at] === a)) return at;
      at += 2;
      if (at >= slots.length) at = 0;
    }
  }

  private use(slots: Int32Array<ArrayBufferLike>): void {
    this.slots = slots;
    this.count = slots.length / 2;
    this.scale = this.count / 2 ** 32;
  }

  private moveTo(slots: Int32Array<ArrayBufferLike>): void {
    const old = this.slots;
    this.use(slots);
    for (let i = 0; i < old.length; i += 2) {
      const a = old[i] ?? 0;
      const b = old[i + 1] ?? 0;
      if (b === 0) continue;
      const at = this.find(a, b);
      slots[at] = a;
      slots[at + 1] = b;
    }
  }
}
