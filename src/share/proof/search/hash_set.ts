/** Parts of a set: each grows by itself, so that growing never needs twice the memory. */
const PARTS = 64;
const FIRST_SLOTS = 16;
/** Slots of a part that are filled at most, of all, and by how much a fuller one grows. */
const FILLED = 0.66;
const GROWTH = 1.5;

/**
 * A set of byte strings, each kept as the 64 bits of its hash: tens of millions fit. That one is said to be in it that is
 * not happens once in 10¹¹ times that ten million are looked up.
 */
export class HashSet {
  private readonly parts = Array.from({ length: PARTS }, () => new Part());

  get size(): number {
    return this.parts.reduce((sum, { filled }) => sum + filled, 0);
  }

  add({ a, b }: Hash): void {
    this.parts[a & (PARTS - 1)]?.add(a, b || 1);
  }

  has({ a, b }: Hash): boolean {
    return this.parts[a & (PARTS - 1)]?.has(a, b || 1) ?? false;
  }
}

/** Pairs of 32 bits; where the second is 0 a slot is free. */
class Part {
  filled = 0;
  private count = FIRST_SLOTS;
  private scale = FIRST_SLOTS / 2 ** 32;
  private slots = new Int32Array(2 * FIRST_SLOTS);

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
    const old = this.slots;
    this.count = Math.ceil(this.count * GROWTH);
    this.scale = this.count / 2 ** 32;
    this.slots = new Int32Array(2 * this.count);
    for (let i = 0; i < old.length; i += 2) {
      const a = old[i] ?? 0;
      const b = old[i + 1] ?? 0;
      if (b === 0) continue;
      const at = this.find(a, b);
      this.slots[at] = a;
      this.slots[at + 1] = b;
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
