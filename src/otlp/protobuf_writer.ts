/** Writes protobuf's wire format into one growing buffer. */
export class ProtobufWriter {
  private buffer = Buffer.allocUnsafe(1024);
  private length = 0;

  /** What was written so far. */
  finish(): Uint8Array {
    return new Uint8Array(this.buffer.subarray(0, this.length));
  }

  /** Writes a tag, or an unsigned number below 2^32. */
  uint32(value: number): void {
    this.room(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  /** Writes a varint; a negative value as its 64-bit two's complement. */
  varint(value: bigint): void {
    this.room(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.length++] = Number(rest);
  }

  fixed32(value: number): void {
    this.room(4);
    this.length = this.buffer.writeUInt32LE(value, this.length);
  }

  /** Writes eight bytes; a negative value as its two's complement. */
  fixed64(value: bigint): void {
    this.room(8);
    this.length = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.length);
  }

  double(value: number): void {
    this.room(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  /** Writes bytes with their length before them. */
  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.room(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  /** Writes what `write` writes, with its length before it. */
  delimited(write: () => void): void {
    const start = this.length;
    write();
    const size = this.length - start;
    const prefix = size < 0x80 ? 1 : Math.ceil((32 - Math.clz32(size)) / 7);
    this.room(prefix);
    this.buffer.copyWithin(start + prefix, start, this.length);
    this.length = start;
    this.uint32(size);
    this.length += size;
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}
