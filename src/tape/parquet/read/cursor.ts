import { Malformed } from './malformed.js';

/** Reads bytes one after the other and never beyond their end. */
export class Cursor {
  readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Steps over so many bytes; returns where they begin. */
  skip(bytes: number): number {
    if (!(bytes >= 0 && bytes <= this.left)) {
      throw new Malformed(`${bytes} bytes asked for where ${this.left} are left`);
    }
    const { at } = this;
    this.at += bytes;
    return at;
  }

  take(bytes: number): Uint8Array {
    const start = this.skip(bytes);
    return this.bytes.subarray(start, start + bytes);
  }

  byte(): number {
    return this.bytes[this.skip(1)] ?? 0;
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** A natural number of at most 64 bits, seven a byte, least significant first; beyond 2^53 it is malformed. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 64; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      if (value > Number.MAX_SAFE_INTEGER) throw new Malformed(`the number ${value} is beyond 2^53`);
      return value;
    }
    throw new Malformed('a number of more than 64 bits');
  }

  /** A signed number below 2^52, zigzag coded; a greater one is malformed. */
  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A signed 64-bit number, zigzag coded. */
  zigzag(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new Malformed('a number of more than 64 bits');
  }
}
