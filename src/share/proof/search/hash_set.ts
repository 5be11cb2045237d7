/** Parts of a set: each grows by itself, so that growing never needs twice the memory. */
const PARTS = 64;
const FIRST_SLOTS = 16;
/** Slots of a part that are filled at most, of all, and by how much a fuller one grows. */
const FILLED = 0.66;
const GROWTH = 1.5;

const BYTES_A_SLOT = 8;

/** The parts of a set in memory that threads share. */
export type SharedSet = readonly Int32Array[];

/**
 * A set of byte strings, each kept as the 64 bits of its hash: tens of millions fit. That one is said to be in it that is
 * not happens once in 10¹¹ times that ten million are looked up.
 */
export class HashSet {
  private readonly parts = Array.from({ length: PARTS }, () => new Part());
  /** Whether anything was added: else the parts need not be looked at. */
  private isFilled = false;
  /** What is in these is in the set too. */
  private readonly shared: readonly (readonly Part[])[];

  constructor(shared: readonly SharedSet[] = []) {
    this.shared = shared.map((parts) => parts.map((slots) => new Part(slots)));
  }

  /** How many were added. */
  get size(): number {
    return this.parts.reduce((sum, { filled }) => sum + filled, 0);
  }

  add({ a, b }: Hash): void {
    const part = a & (PARTS - 1);
    for (const parts of this.shared) if (parts[part]?.has(a, b || 1)) return;
    this.parts[part]?.add(a, b || 1);
    this.isFilled = true;
  }

  has({ a, b }: Hash): boolean {
    const part = a & (PARTS - 1);
    for (const parts of this.shared) if (parts[part]?.has(a, b || 1)) return true;
    return this.isFilled && (this.parts[part]?.has(a, b || 1) ?? false);
  }

  /** Hands over what was added to be read by other threads, and is empty then. */
  handOver(): SharedSet {
    const counts = this.parts.map(({ filled }) => Math.ceil(filled / FILLED) + 1);
    const memory = new SharedArrayBuffer(counts.reduce((sum, count) => sum + count, 0) * BYTES_A_SLOT);
    let at = 0;
    return counts.map((count, i) => {
      const slots = new Int32Array(memory, at, 2 * count);
      at += count * BYTES_A_SLOT;
      this.parts[i]?.moveTo(slots);
      this.parts[i] = new Part();
      return slots;
    });
  }
}

/** Pairs of 32 bits; where the second is 0 a slot is free, and at least one is. */
class Part {
  filled = 0;
  private count = 0;
  private scale = 0;

  constructor(private slots: Int32Array<ArrayBufferLike> = new Int32Array(2 * FIRST_SLOTS)) {
    this.moveTo(slots);
  }

  add(a: number, b: number): void {
    const at = this.find(a, b);
    if (this.slots[at + 1] !== 0) return;
    this.slots[at] = a;
    this.slots[at + 1] = b;
    if (++this.filled > this.count * FILLED) this.grow();
  }

  has(a: number, b: number): boolean {
    return this.slots[this.find(a, b) + 1] !== 0;
  }

  /** Where the pair is, or would be put. */
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

  private grow(): void {
    this.moveTo(new Int32Array(2 * Math.ceil(this.count * GROWTH)));
  }

  /** Moves all pairs to other slots. */
  moveTo(slots: Int32Array<ArrayBufferLike>): void {
    const old = this.slots;
    this.slots = slots;
    this.count = slots.length / 2;
    this.scale = this.count / 2 ** 32;
    if (old === slots) return;
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

/** Two hashes of bytes, 32 bits each, as signed numbers, which take no memory; used again and again, so that none is made per value. */
export class Hash {
  a = 0;
  b = 0;

  start(): this {
    this.a = 0x011c9dc5;
    this.b = 0x2545f491;
    return this;
  }

  byte(byte: number): void {
    this.a = Math.imul(this.a ^ byte, 0x01000193);
    this.b = (Math.imul(this.b ^ (this.b >>> 15), 0x5bd1e995) + Math.imul(byte + 1, 0x9e3779b1)) | 0;
  }

  /** Takes 32 bits at once. */
  word(word: number): void {
    this.a = Math.imul(this.a ^ word, 0x9e3779b1) ^ (this.b >>> 7);
    this.b = (Math.imul(this.b ^ (word >>> 16) ^ (word << 16), 0x85ebca6b) + this.a) | 0;
  }

  end(): this {
    this.a = mixed(this.a);
    this.b = mixed(this.b);
    return this;
  }

  bytes(bytes: Uint8Array, start: number, end: number): this {
    this.start();
    for (let i = start; i < end; i++) this.byte(bytes[i] ?? 0);
    return this.end();
  }
}

/** The last steps of MurmurHash3, which is in the public domain: every bit depends on every other. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
