/** Below this many bytes a loop copies faster than a call into the engine. */
const SHORT_COPY = 256;

/** Bytes that grow at the end. Cleared, it keeps its memory. */
export class ByteBuffer {
  length = 0;
  /** Replaced when it grows, with its view. */
  data = new Uint8Array(1 << 16);
  view = new DataView(this.data.buffer);

  clear(): void {
    this.length = 0;
  }

  /** Makes room for so many more bytes; returns where they begin. */
  room(bytes: number): number {
    const { length } = this;
    if (length + bytes > this.data.length) {
      const larger = new Uint8Array(Math.max(this.data.length * 2, length + bytes));
      larger.set(this.data.subarray(0, length));
      this.data = larger;
      this.view = new DataView(larger.buffer);
    }
    return length;
  }

  byte(value: number): void {
    const at = this.room(1);
    this.data[at] = value;
    this.length = at + 1;
  }

  bytes(from: Uint8Array): void {
    const at = this.room(from.length);
    this.data.set(from, at);
    this.length = at + from.length;
  }

  /** The bytes from `start` to `end`, given with a view of them: four at a time, the last four overlapping those before. */
  copy(from: Uint8Array, view: DataView, start: number, end: number): void {
    const size = end - start;
    const at = this.room(size);
    this.length = at + size;
    const target = this.view;
    if (size < 4) for (let i = 0; i < size; i++) this.data[at + i] = from[start + i] ?? 0;
    else if (size > SHORT_COPY) this.data.set(from.subarray(start, end), at);
    else {
      for (let i = 0; i < size - 4; i += 4) target.setInt32(at + i, view.getInt32(start + i, true), true);
      target.setInt32(at + size - 4, view.getInt32(end - 4, true), true);
    }
  }

  uint32(value: number): void {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
    this.length = at + 4;
  }

  /** The low `width` bytes of a number, least significant first. */
  littleEndian(value: number, width: number): void {
    const at = this.room(width);
    for (let i = 0; i < width; i++) this.data[at + i] = value >>> (8 * i);
    this.length = at + width;
  }

  /** A number below 2^53, seven bits a byte, least significant first. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** A whole number of less than 2^52, zigzag coded: small ones, also below 0, take few bytes. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A signed 64-bit number, zigzag coded. */
  zigzag64(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  /** What was written, until more is. */
  get written(): Uint8Array {
    return this.data.subarray(0, this.length);
  }
}
