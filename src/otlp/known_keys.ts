import { Repetition } from '../tape/columns/repetition.js';
import type { TextPool } from '../tape/columns/text_pool.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** So many keys are remembered at most. */
const MOST_KEYS = 512;

/** A key that came before. `C` is what the decoder does with the key's values. */
export class KnownKey<C> {
  /** The key that came next the last time. */
  next: KnownKey<C> | undefined;
  /** Whether its values repeat. */
  readonly repetition = new Repetition();

  constructor(
    /** Its number among the known keys. */
    readonly number: number,
    /** Number of its text in the pool. */
    readonly text: number,
    readonly candidates: readonly C[],
  ) {}
}

/** Keys that came before. Those of a record mostly come in the order of the record before. */
export class KnownKeys<C> {
  private readonly keys: KnownKey<C>[] = [];
  private readonly byLength: KnownKey<C>[][] = [];

  constructor(private readonly pool: TextPool) {}

  get isFull(): boolean {
    return this.keys.length === MOST_KEYS;
  }

  /** The key that has this number. */
  get(number: number): KnownKey<C> {
    const key = this.keys[number];
    if (key === undefined) throw new RangeError(`key ${number} of ${this.keys.length}`);
    return key;
  }

  /** The key with these bytes, if it is known; `expected` is the first to try. */
  find(
    expected: KnownKey<C> | undefined,
    { view }: ProtobufReader,
    start: number,
    stop: number,
  ): KnownKey<C> | undefined {
    const { pool } = this;
    if (expected !== undefined && pool.equals(expected.text, view, start, stop)) return expected;
    const keys = this.byLength[stop - start] ?? [];
    // No closure: this is called for every attribute that is not the expected one.
    for (const key of keys) if (pool.equals(key.text, view, start, stop)) return key;
    return undefined;
  }

  /** Remembers the key that has this text. */
  learn(text: number, candidates: readonly C[]): KnownKey<C> {
    const key = new KnownKey(this.keys.length, text, candidates);
    const size = this.pool.size(text);
    this.keys.push(key);
    this.byLength[size] = [...(this.byLength[size] ?? []), key];
    return key;
  }
}
