import { AttributesColumn } from '../../tape/columns/nested.js';
import { NULL_TEXT, TextColumn } from '../../tape/columns/text.js';
import { addSample, type Carrier, type Change, type ColumnCount } from './carrier.js';
import type { Redactor } from './redactor.js';
import { makeIds } from './rewrite_ids.js';

/** The letter of an attribute that has no value. */
const NO_VALUE = '-';
/** The letter of a string, and of a value whose type is not told. */
const STRING = 's'.charCodeAt(0);

/** Stands for lists that nothing was made of yet. */
const NOT_MADE = -1;

/** Attributes with their keys and values redacted, each value by its key and its type. */
export function rewriteAttributes(
  from: AttributesColumn,
  types: TextColumn | undefined,
  carrier: Carrier,
  redactor: Redactor,
  count: ColumnCount,
): AttributesColumn {
  const to = new AttributesColumn(carrier.to);
  const values = new AttributeValues(from.values, carrier, redactor, count);
  const { lists } = from;
  /** Of each list what it became, and with which types. */
  const made = new Int32Array(lists.count).fill(NOT_MADE);
  const madeWith = new Int32Array(lists.count);
  for (let row = 0; row < from.length; row++) {
    const list = lists.listOf[row] ?? 0;
    const letters = types?.texts[row] ?? NULL_TEXT;
    if (made[list] !== NOT_MADE && madeWith[list] === letters) {
      to.lists.again(made[list] ?? 0);
      continue;
    }
    made[list] = to.lists.count;
    madeWith[list] = letters;
    const last = lists.last(row);
    for (let item = lists.first(row), i = 0; item < last; item++, i++) {
      const key = from.keys.texts[item] ?? 0;
      const value = from.values.texts[item] ?? NULL_TEXT;
      to.keys.appendText(carrier.text(key, redactor.attributeKey, count));
      const carried = value === NULL_TEXT ? value : values.carry(key, letterAt(carrier, letters, i), value);
      if (carried === NULL_TEXT) to.values.appendNull();
      else to.values.appendText(carried);
    }
    to.endRow();
  }
  return to;
}

/** The types of values, of attributes that the rules drop that there is none. */
export function rewriteTypes(
  types: TextColumn,
  attributes: AttributesColumn,
  carrier: Carrier,
  redactor: Redactor,
): TextColumn {
  const to = new TextColumn(carrier.to);
  for (let row = 0; row < types.length; row++) {
    const first = attributes.lists.first(row);
    const letters = [...(types.value(row) ?? '')].map((letter, i) =>
      redactor.isDropped(attributes.keys.string(first + i)) ? NO_VALUE : letter,
    );
    to.appendString(redactor.changes['value types'](letters.join('')));
  }
  return to;
}

/** Bodies of log records, each by its type. */
export function rewriteBodies(
  from: TextColumn,
  types: TextColumn | undefined,
  carrier: Carrier,
  redactor: Redactor,
  count: ColumnCount,
): TextColumn {
  const to = new TextColumn(carrier.to);
  for (let row = 0; row < from.length; row++) {
    const text = from.texts[row] ?? NULL_TEXT;
    const letter = letterAt(carrier, types?.texts[row] ?? NULL_TEXT, 0);
    if (text === NULL_TEXT) to.appendNull();
    else to.appendText(carrier.text(text, redactor.bodyOf(String.fromCharCode(letter)), count));
  }
  return to;
}

function letterAt({ from }: Carrier, letters: number, i: number): number {
  if (letters === NULL_TEXT || i >= from.size(letters)) return STRING;
  return from.data[(from.starts[letters] ?? 0) + i] ?? STRING;
}

/** Values by key, type and text: of each text is remembered what it became for the key and type that it had last. */
class AttributeValues {
  private readonly last: Float64Array;
  private readonly made: Int32Array;
  private readonly isOther: Uint8Array;
  private readonly isId: Uint8Array;
  private readonly keys = new Map<number, KeyWork>();

  constructor(
    values: TextColumn,
    private readonly carrier: Carrier,
    private readonly redactor: Redactor,
    private readonly count: ColumnCount,
  ) {
    this.last = new Float64Array(carrier.from.count);
    this.made = new Int32Array(carrier.from.count);
    this.isOther = new Uint8Array(carrier.from.count);
    this.isId = makeIds(values, carrier, redactor.ids, redactor.changes.id, count);
  }

  /** Number in the new pool of what a value becomes; NULL_TEXT where the rules drop it. */
  carry(key: number, letter: number, value: number): number {
    const asked = (key + 1) * 256 + letter;
    if (this.last[value] !== asked) this.make(key, letter, value);
    this.last[value] = asked;
    this.count.values++;
    this.count.replaced += this.isOther[value] ?? 0;
    return this.made[value] ?? 0;
  }

  private make(keyNumber: number, letter: number, value: number): void {
    const { carrier, redactor } = this;
    const { key, isDropped, change, takesIds } = this.workOf(keyNumber);
    const asColumn = takesIds && this.isId[value] === 1 ? redactor.changes.id : change;
    if (isDropped) this.set(value, NULL_TEXT, true);
    else if (letter === STRING && asColumn !== undefined) {
      this.set(value, carrier.number(value, asColumn, this.count), carrier.isOther(value, asColumn));
    } else {
      const before = carrier.from.string(value);
      const after = redactor.attributeValue(key, String.fromCharCode(letter), before);
      this.set(value, carrier.to.internString(after), after !== before);
      if (after !== before) addSample(this.count, after);
    }
  }

  private set(value: number, number: number, isOther: boolean): void {
    this.made[value] = number;
    this.isOther[value] = isOther ? 1 : 0;
  }

  private workOf(number: number): KeyWork {
    const known = this.keys.get(number);
    if (known !== undefined) return known;
    const { redactor } = this;
    const key = this.carrier.from.string(number);
    const work = {
      key,
      isDropped: redactor.isDropped(key),
      change: redactor.attributeChange(key),
      takesIds: redactor.takesIds(key),
    };
    this.keys.set(number, work);
    return work;
  }
}

/** What is done to the values under a key. */
interface KeyWork {
  readonly key: string;
  readonly isDropped: boolean;
  /** What strings become, where it is the same as in columns. */
  readonly change: Change | undefined;
  readonly takesIds: boolean;
}
