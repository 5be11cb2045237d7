import { Repetition } from '../tape/columns/repetition.js';
import { NULL_TEXT } from '../tape/columns/text.js';
import type { TextPool } from '../tape/columns/text_pool.js';
import type { Promotion, Promotions } from './promotion.js';
import type { ProtobufReader } from './protobuf_reader.js';

/** So many keys are remembered at most, … */
const MOST_KEYS = 512;
/** … and so many of one length, which are tried one after the other. */
const MOST_OF_LENGTH = 32;

/** Number of what stands for a key before the first one of a row. */
export const ROW_START = 0;

/** A key that came before. */
export class KnownKey {
  /** Number of the key that came next the last time. */
  next = ROW_START;
  /** Where the attribute that came next the last time is among the known ones. */
  nextAttribute = 0;
  /** Whether its values repeat. */
  readonly repetition = new Repetition();

  constructor(
    /** Its number among the known keys. */
    readonly number: number,
    /** Number of its text in the pool. */
    readonly text: number,
    /** What it fills. */
    readonly promotion: Promotion | undefined,
  ) {}
}

/** Keys that came before. Those of a record mostly come in the order of the record before. */
export class KnownKeys {
  private readonly keys: KnownKey[] = [new KnownKey(ROW_START, NULL_TEXT, undefined)];
  private readonly byLength: KnownKey[][] = [];

  constructor(
    private readonly pool: TextPool,
    private readonly promotions: Promotions,
  ) {}

  /** The key that has this number. */
  get(number: number): KnownKey {
    const key = this.keys[number];
    if (key === undefined) throw new RangeError(`key ${number} of ${this.keys.length}`);
    return key;
  }

  /** The key with these bytes, if it is known; `expected` is the number of the first to try. */
  find(expected: number, { view }: ProtobufReader, start: number, stop: number): KnownKey | undefined {
    const { pool } = this;
    if (expected !== ROW_START) {
      const key = this.get(expected);
      if (pool.equals(key.text, view, start, stop)) return key;
    }
    const keys = this.byLength[stop - start] ?? [];
    // No closure: this is called for every attribute that is not the expected one.
    for (const key of keys) if (pool.equals(key.text, view, start, stop)) return key;
    return undefined;
  }

  /** Remembers the key with these bytes; undefined where it is not UTF-8, or so many are known already. */
  learn({ bytes }: ProtobufReader, start: number, stop: number): KnownKey | undefined {
    const { pool, keys, byLength } = this;
    const alike = byLength[stop - start] ?? [];
    if (keys.length > MOST_KEYS || alike.length === MOST_OF_LENGTH) return undefined;
    const text = pool.internUtf8(bytes, start, stop);
    if (text < 0) return undefined;
    const key = new KnownKey(keys.length, text, this.promotions.of(pool.string(text)));
    keys.push(key);
    byLength[stop - start] = [...alike, key];
    return key;
  }
}
