/** A hash of 64 bits in two halves, signed numbers, which take no memory; used again and again, so that none is made per value. */
export class Hash {
  a = 0;
  b = 0;

  start(): this {
    this.a = 0x011c9dc5;
    this.b = 0x2545f491;
    return this;
  }

  /** Takes 32 bits. */
  word(word: number): void {
    this.a = Math.imul(this.a ^ word, 0x9e3779b1) ^ (this.b >>> 7);
    this.b = (Math.imul(this.b ^ (word >>> 16) ^ (word << 16), 0x85ebca6b) + this.a) | 0;
  }

  end(): this {
    this.a = mixed(this.a);
    this.b = mixed(this.b);
    return this;
  }

  /** Takes bytes, four at a time, what is left of them, and how many they are. */
  bytes(bytes: Uint8Array, start: number, end: number): this {
    this.start();
    let at = start;
    for (; at + 4 <= end; at += 4) {
      this.word(
        (bytes[at] ?? 0) |
          ((bytes[at + 1] ?? 0) << 8) |
          ((bytes[at + 2] ?? 0) << 16) |
          ((bytes[at + 3] ?? 0) << 24),
      );
    }
    let rest = 0;
    for (; at < end; at++) rest = (rest << 8) | (bytes[at] ?? 0);
    this.word(rest);
    this.word(end - start);
    return this.end();
  }
}

/** The last steps of MurmurHash3, which is in the public domain: every bit depends on every other. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
