import { elementWireType, type Field, isPackable, type Message } from '../../../src/otlp/messages.js';

// Where protobufjs, our reference, does not follow the protobuf specification. Found by walking the bytes as the
// specification says; the walk ends at the first field on which the two readings part.

/** Why the reference's reading of these bytes is not what the specification says; the key is a short name. */
export const DEVIATIONS = {
  'wire type':
    'it reads a known field whatever its wire type; by the specification it is an unknown field then',
  overrun: 'it lets a value run past the end of its own message, up to the end of the whole request',
  merge:
    'it replaces a message that is given twice, or comes back to a member of a oneof; they are to be merged',
  'long varint':
    'of a tag, length or 32-bit number it reads 5 bytes or 10, whatever their continuation bits say',
  'high bits': 'it ignores bits beyond 32 of a tag, a length or a bool',
  'cut varint': 'it takes a 64-bit varint that the end of the request cuts short in its last 4 bytes',
  'endless varint': 'it skips an unknown varint of more than 10 bytes',
  'field 0': 'it skips fields numbered 0',
  group: 'it takes the end of any group for the end of the one it is in',
  nesting: 'it has no limit of nesting; ours is 100',
} as const;

export type Deviation = keyof typeof DEVIATIONS;

class Parting extends Error {
  constructor(readonly deviation: Deviation) {
    super(deviation);
  }
}

/** Thrown where both readings end in an error. */
class Malformed extends Error {}

/** The first deviation that these bytes meet, if they meet one. */
export function deviationOf(message: Message, bytes: Uint8Array): Deviation | undefined {
  try {
    new Walk(bytes).message(message, bytes.length, 0, new Set());
    return undefined;
  } catch (error) {
    if (error instanceof Parting) return error.deviation;
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Walk {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Walks a message that ends at `end`; `seen` are the fields of messages and oneofs it has had so far. */
  message(message: Message, end: number, depth: number, seen: Set<string>): void {
    if (depth > 100) throw new Parting('nesting');
    while (this.at < end) {
      const tag = this.varint(end, 32);
      this.field(message, Number(tag), end, depth, seen);
    }
  }

  private field(message: Message, tag: number, end: number, depth: number, seen: Set<string>): void {
    const wire = tag & 7;
    if (tag < 8) throw new Parting('field 0');
    const [name, field] = Object.entries(message).find(([, { number }]) => number === tag >>> 3) ?? [];
    if (name === undefined || field === undefined) this.skip(tag, end, depth);
    else if (isPackable(field) && wire === 2) this.packed(field, end, depth);
    else this.single(name, field, wire, end, depth, seen);
  }

  private single(
    name: string,
    field: Field,
    wire: number,
    end: number,
    depth: number,
    seen: Set<string>,
  ): void {
    const { type, repeated, oneof } = field;
    if (wire !== elementWireType(type)) throw new Parting('wire type');
    if (oneof !== undefined || (typeof type === 'function' && !repeated)) {
      if (seen.has(name)) throw new Parting('merge');
      seen.add(name);
    }
    if (typeof type === 'function') this.message(type(), this.length(end), depth + 1, new Set());
    else this.scalar(field, end);
  }

  private packed(field: Field, end: number, depth: number): void {
    const stop = this.length(end);
    if (depth >= 100) throw new Parting('nesting');
    while (this.at < stop) this.scalar(field, stop);
  }

  private scalar({ type }: Field, end: number): void {
    switch (elementWireType(type)) {
      case 0:
        if (type === 'bool') this.bool(end);
        else this.varint(end, type === 'int64' || type === 'uint64' ? 64 : 32, true);
        return;
      case 1:
        this.advance(8, end);
        break;
      case 5:
        this.advance(4, end);
        break;
      default:
        this.at = this.length(end);
    }
  }

  private bool(end: number): void {
    const value = this.varint(end, 32, true);
    if (value !== 0n && (value & 0xffff_ffffn) === 0n) throw new Parting('high bits');
  }

  private skip(tag: number, end: number, depth: number): void {
    switch (tag & 7) {
      case 0:
        this.skippedVarint(end);
        return;
      case 1:
        this.advance(8, end);
        break;
      case 2:
        this.at = this.length(end);
        return;
      case 3:
        this.group(tag, end, depth + 1);
        break;
      case 5:
        this.advance(4, end);
        break;
      default:
        throw new Malformed();
    }
  }

  private group(start: number, end: number, depth: number): void {
    if (depth > 100) throw new Parting('nesting');
    for (;;) {
      // Its end may be missing before the end of the message, where the reference reads on.
      if (this.at >= end) throw end < this.bytes.length ? new Parting('overrun') : new Malformed();
      const tag = Number(this.varint(end, 32));
      if (tag < 8) throw new Parting('field 0');
      if (tag === start + 1) return;
      if ((tag & 7) === 4) throw new Parting('group');
      this.skip(tag, end, depth);
    }
  }

  /** Reads a length and returns where the value ends. */
  private length(end: number): number {
    const stop = Number(this.varint(end, 32)) + this.at;
    if (stop > this.bytes.length) throw new Malformed();
    if (stop > end) throw new Parting('overrun');
    return stop;
  }

  private advance(size: number, end: number): void {
    const to = this.at + size;
    if (to > this.bytes.length) throw new Malformed();
    if (to > end) throw new Parting('overrun');
    this.at = to;
  }

  private skippedVarint(end: number): void {
    const last = this.lastOfVarint();
    if (last - this.at >= 10) throw new Parting('endless varint');
    this.leaveVarint(last, end);
  }

  /**
   * Reads a varint of which the reference looks at so many bits; a negative 32-bit number takes ten bytes, which is
   * allowed where `signed`.
   */
  private varint(end: number, bits: 32 | 64, signed = false): bigint {
    const { at, bytes } = this;
    const last = this.lastOfVarint();
    const size = last - at + 1;
    if (last >= bytes.length) {
      if (bits === 64 && bytes.length - at <= 4) throw new Parting('cut varint');
      // Ten bytes that all go on are an error to both, unless the reference reads a 32-bit number.
      if (bits === 32 && bytes.length - at >= 10) throw new Parting('long varint');
      throw new Malformed();
    }
    if (bits === 64 && size > 10) throw new Malformed();
    if (bits === 32 && size > 5 && !(signed && size === 10)) throw new Parting('long varint');
    this.leaveVarint(last, end);
    let value = 0n;
    for (let i = at; i <= last; i++) value |= BigInt((bytes[i] ?? 0) & 0x7f) << BigInt(7 * (i - at));
    if (bits === 32 && !signed && value >= 2n ** 32n) throw new Parting('high bits');
    return BigInt.asUintN(64, value);
  }

  /** Offset of the varint's last byte; beyond the request where it does not end in it. */
  private lastOfVarint(): number {
    let last = this.at;
    while (last < this.bytes.length && (this.bytes[last] ?? 0) >= 0x80) last++;
    return last;
  }

  private leaveVarint(last: number, end: number): void {
    if (last >= this.bytes.length) throw new Malformed();
    if (last >= end) throw new Parting('overrun');
    this.at = last + 1;
  }
}
