import type { Columns } from '../schema/table.js';
import { Int32Column } from '../tape/columns/fixed_width.js';
import type { AttributesColumn } from '../tape/columns/nested.js';
import { TextColumn } from '../tape/columns/text.js';
import type { BatchColumns } from '../tape/row_batch.js';
import { LETTERS } from './any_value.js';
import { AnyValueDecoder } from './any_value_decoder.js';
import { KeyValue, tagsOf } from './messages.js';
import type { ProtobufReader } from './protobuf_reader.js';

const KEY_VALUE = tagsOf(KeyValue);

/** Rank of a column that has no value yet: beyond that of every key. */
const NONE = 1_000;

/** A column filled from attributes, and what the row at hand has for it. */
class Promotion {
  /** Where the key found stands among those listed: a smaller number wins. */
  rank = NONE;
  /** Row of the value among the values of all attributes, for text; the number itself, for integers. */
  found = 0;

  constructor(readonly column: TextColumn | Int32Column) {}
}

interface Candidate {
  readonly key: Uint8Array;
  readonly rank: number;
  readonly promotion: Promotion;
}

/** Decodes lists of KeyValue: a map, the letters of its value types, and the columns filled from it. */
export class AttributesDecoder {
  private readonly promotions: Promotion[] = [];
  /** Keys that fill columns, by their length: few or none have the same. */
  private readonly byLength: (Candidate[] | undefined)[] = [];
  private readonly value = new AnyValueDecoder();
  private letters = Buffer.alloc(64);
  private count = 0;

  /** `promoted` are the declarations of columns that these attributes fill; others among them are passed over. */
  constructor(
    private readonly attributes: AttributesColumn,
    private readonly types: TextColumn,
    promoted: Columns = {},
    into: BatchColumns<Columns> = {},
  ) {
    for (const [name, { from }] of Object.entries(promoted)) {
      const column = into[name];
      const fits = column instanceof TextColumn || column instanceof Int32Column;
      if (from.length > 0 && fits) this.promote(from, new Promotion(column));
    }
  }

  /** Decodes the KeyValue that is the value of the reader's field, into the row that `endRow` will end. */
  append(reader: ProtobufReader): void {
    const { value } = this;
    const { keys, values } = this.attributes;
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
    value.appendTo(values, reader);
    this.addLetter(value.letter);
    this.offer(reader, start, stop);
  }

  /** Ends the row: its attributes, their letters, and a value or NULL in every column filled from them. */
  endRow(): void {
    this.attributes.endRow();
    this.types.appendBytes(this.letters, 0, this.count);
    this.count = 0;
    for (const promotion of this.promotions) {
      const { column, found } = promotion;
      if (promotion.rank === NONE) column.appendNull();
      else if (column instanceof TextColumn) column.appendCopies(this.attributes.values, found, 1);
      else column.append(found);
      promotion.rank = NONE;
    }
  }

  /** Forgets a row that was begun: to be called when a request failed and its rows were taken back. */
  reset(): void {
    this.count = 0;
    for (const promotion of this.promotions) promotion.rank = NONE;
  }

  private promote(from: readonly string[], promotion: Promotion): void {
    this.promotions.push(promotion);
    from.forEach((name, rank) => {
      const key = Buffer.from(name);
      this.byLength[key.length] = [...(this.byLength[key.length] ?? []), { key, rank, promotion }];
    });
  }

  /** Gives the value appended last to the column that its key fills, if it can hold it. */
  private offer(reader: ProtobufReader, start: number, stop: number): void {
    const candidates = this.byLength[stop - start];
    if (candidates === undefined) return;
    for (const { key, rank, promotion } of candidates) {
      if (rank >= promotion.rank || !endsAlike(key, reader.bytes, stop)) continue;
      if (promotion.column instanceof TextColumn) {
        if (!this.isScalar()) continue;
        promotion.found = this.attributes.values.length - 1;
      } else {
        const number = this.value.int32(reader);
        if (number === undefined) continue;
        promotion.found = number;
      }
      promotion.rank = rank;
    }
  }

  private isScalar(): boolean {
    const { letter } = this.value;
    return letter !== LETTERS.arrayValue && letter !== LETTERS.kvlistValue && letter !== LETTERS.none;
  }

  private addLetter(letter: string): void {
    if (this.count === this.letters.length) this.letters = Buffer.concat([this.letters], this.count * 2);
    this.letters[this.count++] = letter.charCodeAt(0);
  }
}

/** Whether the bytes before `stop` are the key's; from the end, since many keys begin alike. */
function endsAlike(key: Uint8Array, bytes: Uint8Array, stop: number): boolean {
  const shift = stop - key.length;
  for (let i = key.length - 1; i >= 0; i--) if (key[i] !== bytes[shift + i]) return false;
  return true;
}
