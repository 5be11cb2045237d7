import type { Columns } from '../schema/table.js';
import type { AttributesColumn } from '../tape/columns/nested.js';
import type { Repetition } from '../tape/columns/repetition.js';
import { NULL_TEXT, type TextColumn } from '../tape/columns/text.js';
import type { BatchColumns } from '../tape/row_batch.js';
import { AnyValueDecoder } from './any_value_decoder.js';
import { KnownAttributes } from './known_attributes.js';
import { type KnownKey, KnownKeys, ROW_START } from './known_keys.js';
import { KeyValue, tagsOf } from './messages.js';
import { type Promotion, Promotions } from './promotion.js';
import type { ProtobufReader } from './protobuf_reader.js';
import { TextAppender } from './text_appender.js';
import { TypeLetters } from './type_letters.js';

const KEY_VALUE = tagsOf(KeyValue);

/** Decodes lists of KeyValue: a map, the letters of its value types, and the columns filled from it. */
export class AttributesDecoder {
  private readonly promotions: Promotions;
  private keys: KnownKeys;
  private readonly known = new KnownAttributes();
  private generation = -1;
  /** Number of the key that came last in this row, and where its attribute is among the known ones, 0 if it is not. */
  private lastKey = ROW_START;
  private last = 0;
  private readonly value = new AnyValueDecoder();
  /** The value added last: its text in the pool, the letter of its type, and the value as a 32-bit integer if it is one. */
  private text = NULL_TEXT;
  private letter = 0;
  private int32: number | undefined;
  private readonly letters = new TypeLetters();
  private readonly types: TextAppender;

  /** `promoted` are the declarations of columns that these attributes fill; others among them are passed over. */
  constructor(
    private readonly attributes: AttributesColumn,
    types: TextColumn,
    promoted: Columns = {},
    into: BatchColumns<Columns> = {},
  ) {
    this.types = new TextAppender(types);
    this.promotions = new Promotions(promoted, into);
    this.keys = new KnownKeys(attributes.keys.pool, this.promotions);
  }

  /** Decodes the KeyValue that is the value of the reader's field, into the row that `endRow` will end. */
  append(reader: ProtobufReader): void {
    if (this.generation !== this.attributes.keys.pool.generation) this.forget();
    reader.size.addEntry();
    const mark = reader.mark();
    reader.range();
    const { start, stop } = reader;
    const expected = this.last > 0 ? this.known.next(this.last) : this.keys.get(this.lastKey).nextAttribute;
    const known = this.known.find(reader, start, stop, expected);
    if (known > 0) this.repeat(known, expected);
    else if (!this.appendUsual(reader, start, stop)) {
      reader.rewind(mark);
      this.appendAny(reader);
    }
  }

  /** Ends the row. Columns that are filled from attributes and got no value remain short, until NULLs are padded. */
  endRow(): void {
    this.attributes.endRow();
    this.types.append(this.letters, 0, this.letters.count);
    this.reset();
  }

  /** Begins a row; to be called also when a request failed and its rows were taken back. */
  reset(): void {
    this.letters.clear();
    this.lastKey = ROW_START;
    this.last = 0;
  }

  /** Forgets what is known: the pool's numbers have other meanings now. */
  private forget(): void {
    this.keys = new KnownKeys(this.attributes.keys.pool, this.promotions);
    this.known.clear();
    this.lastKey = ROW_START;
    this.last = 0;
    this.generation = this.attributes.keys.pool.generation;
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
    const last = this.keys.get(this.lastKey);
    const key =
      this.keys.find(last.next, reader, keyStart, keyStop) ?? this.keys.learn(reader, keyStart, keyStop);
    if (key === undefined) return false;
    last.next = key.number;
    return this.appendFresh(reader, key, start, from, stop);
  }

  /** Appends an attribute as it came before. */
  private repeat(at: number, expected: number): void {
    const { known } = this;
    const { keys, values } = this.attributes;
    const key = known.key(at);
    const text = known.text(at);
    const letter = known.letter(at);
    keys.appendText(known.keyText(at));
    values.appendText(text);
    this.letters.add(letter);
    const { promotion } = this.keys.get(key);
    if (promotion !== undefined) this.promote(promotion, text, letter, known.int32(at));
    if (at !== expected) this.follow(at);
    this.lastKey = key;
    this.last = at;
  }

  /** Appends an attribute with a known key and, from `from` on, a value that is not; false where that is no scalar. */
  private appendFresh(
    reader: ProtobufReader,
    key: KnownKey,
    start: number,
    from: number,
    stop: number,
  ): boolean {
    if (!this.value.takeScalar(reader, from, stop)) return false;
    const { keys, values } = this.attributes;
    const { replacedTexts } = reader;
    const before = values.pool.count;
    keys.appendText(key.text);
    this.addValue(reader, key.repetition);
    const { text, letter, int32 } = this;
    if (key.promotion !== undefined) this.promote(key.promotion, text, letter, int32);
    let at = 0;
    // Most of what comes for the first time does not come again.
    if (values.pool.count === before && reader.replacedTexts === replacedTexts) {
      const { number, text: keyText } = key;
      at = this.known.learn(reader, start, stop, { key: number, keyText, text, letter, int32 });
    }
    if (at > 0) this.follow(at);
    this.lastKey = key.number;
    this.last = at;
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
    const promotion = this.promotions.of(keys.string(keys.length - 1));
    if (promotion !== undefined) this.promote(promotion, this.text, this.letter, this.int32);
  }

  /** Appends the value that was read, and its letter. */
  private addValue(reader: ProtobufReader, repetition?: Repetition): void {
    const { value } = this;
    const { values } = this.attributes;
    value.appendTo(values, reader, repetition);
    this.text = values.texts[values.length - 1] ?? NULL_TEXT;
    this.letter = value.letter.charCodeAt(0);
    this.int32 = value.int32(reader);
    this.letters.add(this.letter);
  }

  /** Remembers that this known attribute came after the one before. */
  private follow(at: number): void {
    if (this.last > 0) this.known.follow(this.last, at);
    else this.keys.get(this.lastKey).nextAttribute = at;
  }

  /** Gives a value to the columns that its key fills, if they can hold it. */
  private promote(first: Promotion, text: number, letter: number, int32: number | undefined): void {
    const row = this.attributes.length;
    for (let to: Promotion | undefined = first; to !== undefined; to = to.next)
      to.take(row, text, letter, int32);
  }
}
