import { Repetition } from '../tape/columns/repetition.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** Longer attributes are not remembered, … */
const LONGEST = 256;
/** … and of each key so many at most. */
const MOST_VALUES = 4096;
/** Known bytes are kept in blocks of so many. */
const BLOCK = 1 << 16;
/** So many keys are remembered at most, … */
const MOST_KEYS = 512;
/** … and about so many attributes of all keys together. */
const MOST_KEPT = 65_536;

/** Where kept bytes are. */
interface KeptBytes {
  readonly view: DataView;
  readonly at: number;
  readonly size: number;
}

/** Keeps bytes of requests side by side, to compare later ones with. */
export class ByteStore {
  private view = new DataView(new ArrayBuffer(0));
  private used = BLOCK;
  private kept = 0;

  get isFull(): boolean {
    return this.kept >= MOST_KEPT;
  }

  /** A copy of the bytes between the offsets, of which there are no more than a block holds. */
  keep({ bytes }: ProtobufReader, start: number, stop: number): KeptBytes {
    const size = stop - start;
    if (this.used + size > BLOCK) {
      this.view = new DataView(new ArrayBuffer(BLOCK));
      this.used = 0;
    }
    const at = this.used;
    for (let i = 0; i < size; i++) this.view.setUint8(at + i, bytes[start + i] ?? 0);
    this.used += size;
    this.kept++;
    return { view: this.view, at, size };
  }
}

/** Bytes of a request that came before. */
export class KnownBytes {
  readonly size: number;
  private readonly view: DataView;
  private readonly at: number;

  constructor({ view, at, size }: KeptBytes) {
    this.size = size;
    this.view = view;
    this.at = at;
  }

  /** Whether the bytes between the offsets are these: four at a time, the last four overlapping those before. */
  equal(reader: ProtobufReader, start: number, stop: number): boolean {
    return stop - start === this.size && this.endWith(reader, start, stop);
  }

  /** As `equal`, of the last of these bytes, as many as there are between the offsets. */
  endWith({ bytes, view }: ProtobufReader, start: number, stop: number): boolean {
    const { view: known } = this;
    const size = stop - start;
    const at = this.at + this.size - size;
    if (size < 4) {
      for (let i = 0; i < size; i++) if (known.getUint8(at + i) !== bytes[start + i]) return false;
      return true;
    }
    const last = size - 4;
    if (known.getInt32(at + last, true) !== view.getInt32(start + last, true)) return false;
    for (let i = 0; i < last; i += 4) {
      if (known.getInt32(at + i, true) !== view.getInt32(start + i, true)) return false;
    }
    return true;
  }
}

/** Something that a key came after. */
interface KeyStep<C> {
  /** The key that came next the last time. */
  nextKey: KnownKey<C> | undefined;
}

/** Something that an attribute came after. */
export interface Step<C> {
  /** The known attribute that came next the last time. */
  next: KnownAttribute<C> | undefined;
  /** What its key came after. */
  readonly key: KeyStep<C>;
}

/** An attribute that came before: a KeyValue by all of its bytes, and what became of it. */
export class KnownAttribute<C> extends KnownBytes implements Step<C> {
  next: KnownAttribute<C> | undefined;

  constructor(
    bytes: KeptBytes,
    readonly key: KnownKey<C>,
    /** Number of the value's text in the pool; negative for NULL. */
    readonly text: number,
    /** Letter of the value's type, as a character code. */
    readonly letter: number,
    /** The value as a 32-bit integer, where it is one. */
    readonly int32: number | undefined,
    /** How many of the bytes, the last ones, are the value's. */
    readonly valueSize: number,
  ) {
    super(bytes);
  }
}

/** A key that came before, and attributes that had it. `C` is what the decoder does with the key's values. */
export class KnownKey<C> extends KnownBytes implements Step<C>, KeyStep<C> {
  next: KnownAttribute<C> | undefined;
  nextKey: KnownKey<C> | undefined;
  readonly key = this;
  private readonly attributes = new Map<number, KnownAttribute<C>>();
  private readonly repetition = new Repetition();

  constructor(
    bytes: KeptBytes,
    /** Number of the key in the pool. */
    readonly text: number,
    readonly candidates: readonly C[],
  ) {
    super(bytes);
  }

  /** Whether it is worth it to look for the next attribute and, if it is not there, to remember it. */
  repeats(size: number): boolean {
    return size <= LONGEST && this.repetition.likely();
  }

  /** The attribute whose value has these bytes and their hash. */
  find(hash: number, reader: ProtobufReader, start: number, stop: number): KnownAttribute<C> | undefined {
    const known = this.attributes.get(hash);
    const found = known?.valueSize === stop - start && known.endWith(reader, start, stop) ? known : undefined;
    this.repetition.note(found === undefined);
    return found;
  }

  get hasRoom(): boolean {
    return this.attributes.size < MOST_VALUES;
  }

  learn(hash: number, attribute: KnownAttribute<C>): void {
    this.attributes.set(hash, attribute);
  }
}

/** Keys that came before. Those of a record mostly come in the order of the record before. */
export class KnownKeys<C> {
  private readonly byLength: KnownKey<C>[][] = [];
  private count = 0;

  /** The key with these bytes, if it is known; `expected` is the first to try. */
  find(
    expected: KnownKey<C> | undefined,
    reader: ProtobufReader,
    start: number,
    stop: number,
  ): KnownKey<C> | undefined {
    if (expected?.equal(reader, start, stop)) return expected;
    const keys = this.byLength[stop - start] ?? [];
    // No closure: this is called for every attribute that is not the expected one.
    for (const key of keys) if (key.equal(reader, start, stop)) return key;
    return undefined;
  }

  /** Remembers a key, unless there are many already. */
  learn(key: KnownKey<C>): void {
    if (this.count === MOST_KEYS) return;
    this.count++;
    const { size } = key;
    this.byLength[size] = [...(this.byLength[size] ?? []), key];
  }
}

/** A hash of the bytes between the offsets, four at a time. */
export function hashOf({ bytes, view }: ProtobufReader, start: number, stop: number): number {
  let hash = stop - start;
  let at = start;
  for (; at + 4 <= stop; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < stop; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
