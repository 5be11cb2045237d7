import type { Columns } from '../schema/table.js';
import { Int32Column } from '../tape/columns/fixed_width.js';
import type { AttributesColumn } from '../tape/columns/nested.js';
import { NULL_TEXT, TextColumn } from '../tape/columns/text.js';
import type { BatchColumns } from '../tape/row_batch.js';
import { AnyValueDecoder } from './any_value_decoder.js';
import { KnownAttributes } from './known_attributes.js';
import { type KnownKey, KnownKeys } from './known_keys.js';
import { KeyValue, tagsOf } from './messages.js';
import { type Candidate, Promotion } from './promotion.js';
import type { ProtobufReader } from './protobuf_reader.js';

const KEY_VALUE = tagsOf(KeyValue);

/** Decodes lists of KeyValue: a map, the letters of its value types, and the columns filled from it. */
export class AttributesDecoder {
  private readonly candidates = new Map<string, Candidate[]>();
  private keys: KnownKeys<Candidate>;
  private readonly known = new KnownAttributes();
  private generation = -1;
  /** The key that came first in the row before, and the key that came last in this one. */
  private firstKey: KnownKey<Candidate> | undefined;
  private lastKey: KnownKey<Candidate> | undefined;
  private readonly value = new AnyValueDecoder();
  /** The value added last: its text in the pool, the letter of its type, and the value as a 32-bit integer if it is one. */
  private text = NULL_TEXT;
  private letter = 0;
  private int32: number | undefined;
  private letters = Buffer.alloc(64);
  private count = 0;

  /** `promoted` are the declarations of columns that these attributes fill; others among them are passed over. */
  constructor(
    private readonly attributes: AttributesColumn,
    private readonly types: TextColumn,
    promoted: Columns = {},
    into: BatchColumns<Columns> = {},
  ) {
    this.keys = new KnownKeys(attributes.keys.pool);
    for (const [name, { from }] of Object.entries(promoted)) {
      const column = into[name];
      if (column instanceof TextColumn || column instanceof Int32Column)
        this.promote(from, new Promotion(column));
    }
  }

  /** Decodes the KeyValue that is the value of the reader's field, into the row that `endRow` will end. */
  append(reader: ProtobufReader): void {
    if (this.generation !== this.attributes.keys.pool.generation) this.forget();
    reader.size.addEntry();
    const mark = reader.mark();
    reader.range();
    const { start, stop } = reader;
    const known = this.known.find(reader, start, stop);
    if (known > 0) this.repeat(known);
    else if (!this.appendUsual(reader, start, stop)) {
      reader.rewind(mark);
      this.appendAny(reader);
    }
  }

  /** Ends the row. Columns that are filled from attributes and got no value remain short, until NULLs are padded. */
  endRow(): void {
    this.attributes.endRow();
    this.types.appendBytes(this.letters, 0, this.count);
    this.reset();
  }

  /** Begins a row; to be called also when a request failed and its rows were taken back. */
  reset(): void {
    this.count = 0;
    this.lastKey = undefined;
  }

  /** Forgets what is known: the pool's numbers have other meanings now. */
  private forget(): void {
    this.keys = new KnownKeys(this.attributes.keys.pool);
    this.known.clear();
    this.firstKey = undefined;
    this.lastKey = undefined;
    this.generation = this.attributes.keys.pool.generation;
  }

  private promote(from: readonly string[], promotion: Promotion): void {
    from.forEach((key, rank) => {
      this.candidates.set(key, [...(this.candidates.get(key) ?? []), { rank, promotion }]);
    });
  }

  /**
   * Decodes a KeyValue as all encoders write it: a key, then a value, nothing else. False where it is not so, or holds
   * what is not known yet and better decoded with care.
   */
  private appendUsual(reader: ProtobufReader, start: number, stop: number): boolean {
    const { bytes } = reader;
    const keyStart = start + 2;
    const keyStop = keyStart + (bytes[start + 1] ?? 0);
    if (bytes[start] !== KEY_VALUE.key || keyStop - keyStart > 0x7f || keyStop + 2 > stop) return false;
    if (bytes[keyStop] !== KEY_VALUE.value) return false;
    let from = keyStop + 2;
    let size = bytes[keyStop + 1] ?? 0;
    if (size > 0x7f) size += ((bytes[from++] ?? 0) - 1) << 7;
    if (from + size !== stop) return false;
    const { lastKey } = this;
    const expected = lastKey === undefined ? this.firstKey : lastKey.next;
    const key = this.keys.find(expected, reader, keyStart, keyStop) ?? this.newKey(reader, keyStart, keyStop);
    if (key === undefined) return false;
    if (lastKey === undefined) this.firstKey = key;
    else if (key !== expected) lastKey.next = key;
    return this.appendFresh(reader, key, start, from, stop);
  }

  /** Appends an attribute as it came before. */
  private repeat(at: number): void {
    const { known } = this;
    const { keys, values } = this.attributes;
    const key = this.keys.get(known.key(at));
    const text = known.text(at);
    const letter = known.letter(at);
    keys.appendText(key.text);
    if (text < 0) values.appendNull();
    else values.appendText(text);
    this.addLetter(letter);
    if (key.candidates.length > 0) this.offer(key.candidates, text, letter, known.int32(at));
    key.repetition.found();
    this.lastKey = key;
  }

  /** Appends an attribute with a known key and, from `from` on, a value that is not; false where that is no scalar. */
  private appendFresh(
    reader: ProtobufReader,
    key: KnownKey<Candidate>,
    start: number,
    from: number,
    stop: number,
  ): boolean {
    if (!this.value.takeScalar(reader, from, stop)) return false;
    const { keys, values } = this.attributes;
    const { replacedTexts } = reader;
    const look = key.repetition.likely();
    const before = values.pool.count;
    keys.appendText(key.text);
    this.addValue(reader, look);
    if (key.candidates.length > 0) this.offer(key.candidates, this.text, this.letter, this.int32);
    this.lastKey = key;
    if (!look) return true;
    key.repetition.note(values.pool.count !== before);
    if (reader.replacedTexts === replacedTexts) {
      const { text, letter, int32 } = this;
      this.known.learn(reader, start, stop, { key: key.number, text, letter, int32 });
    }
    return true;
  }

  /** Decodes any KeyValue: fields in any order, absent, or given more than once. */
  private appendAny(reader: ProtobufReader): void {
    const { value } = this;
    const { keys } = this.attributes;
    let start = 0;
    let stop = 0;
    value.begin();
    const outer = reader.enter();
    while (reader.nextField()) {
      if (reader.tag === KEY_VALUE.key) {
        reader.range();
        start = reader.start;
        stop = reader.stop;
      } else if (reader.tag === KEY_VALUE.value) value.merge(reader);
      else reader.skip();
    }
    reader.leave(outer);
    if (!keys.appendUtf8(reader.bytes, start, stop)) reader.replacedTexts++;
    this.addValue(reader);
    this.offer(this.candidatesOf(keys.string(keys.length - 1)), this.text, this.letter, this.int32);
  }

  /** Appends the value that was read, and its letter. */
  private addValue(reader: ProtobufReader, look?: boolean): void {
    const { value } = this;
    const { values } = this.attributes;
    value.appendTo(values, reader, look);
    this.text = values.texts[values.length - 1] ?? NULL_TEXT;
    this.letter = value.letter.charCodeAt(0);
    this.int32 = value.int32(reader);
    this.addLetter(this.letter);
  }

  private newKey(reader: ProtobufReader, start: number, stop: number): KnownKey<Candidate> | undefined {
    const { pool } = this.attributes.keys;
    if (this.keys.isFull) return undefined;
    const text = pool.internUtf8(reader.bytes, start, stop);
    return text < 0 ? undefined : this.keys.learn(text, this.candidatesOf(pool.string(text)));
  }

  private candidatesOf(key: string): readonly Candidate[] {
    return this.candidates.get(key) ?? [];
  }

  /** Gives a value to the columns that its key fills, if they can hold it. */
  private offer(
    candidates: readonly Candidate[],
    text: number,
    letter: number,
    int32: number | undefined,
  ): void {
    const row = this.attributes.length;
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i];
      candidate?.promotion.take(row, candidate.rank, text, letter, int32);
    }
  }

  private addLetter(letter: number): void {
    if (this.count === this.letters.length) this.letters = Buffer.concat([this.letters], this.count * 2);
    this.letters[this.count++] = letter;
  }
}
