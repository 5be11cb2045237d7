import { DecodeError } from '../errors.js';

/**
 * How the tape keeps an attribute's value: a text, and beside it one letter for its type. Scalars are their plain
 * text, bytes base64, arrays and maps JSON. Within JSON a double always has a point or an exponent, so that `1` is an
 * integer and `1.0` a double; what JSON cannot say is an object with one key that begins with `$`, and a map's own keys
 * that begin with `$` get one more: `{"$bytes":"AAE="}`, `{"$double":"NaN"}`.
 */
export const LETTERS = {
  stringValue: 's',
  boolValue: 'b',
  intValue: 'i',
  doubleValue: 'd',
  bytesValue: 'y',
  arrayValue: 'a',
  kvlistValue: 'm',
  none: '-',
} as const;

export type Letter = (typeof LETTERS)[keyof typeof LETTERS];

/** An attribute's value as OTLP/JSON writes it: 64-bit integers as strings, bytes as base64. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly bytesValue: string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Readonly<Record<string, never>>;

interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Shortest text that reads back as the same double. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A double within JSON: always told from an integer. */
export function doubleJson(value: number): string {
  if (!Number.isFinite(value) || Object.is(value, -0)) return `{"$double":"${doubleText(value)}"}`;
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

export function bytesJson(base64: string): string {
  return `{"$bytes":"${base64}"}`;
}

/** A key of a map within JSON. */
export function keyJson(key: string): string {
  return JSON.stringify(key.startsWith('$') ? `$${key}` : key);
}

/** The value that a tape keeps as this text and letter; `null` is the text of an absent value. */
export function anyValue(text: string | null, letter: string): AnyValue {
  if (letter === LETTERS.none) return {};
  if (text === null) throw new DecodeError(`a value of type "${letter}" without text`);
  switch (letter) {
    case LETTERS.stringValue:
      return { stringValue: text };
    case LETTERS.boolValue:
      return { boolValue: text === 'true' };
    case LETTERS.intValue:
      return { intValue: text };
    case LETTERS.doubleValue:
      return { doubleValue: Number(text) };
    case LETTERS.bytesValue:
      return { bytesValue: text };
    case LETTERS.arrayValue:
    case LETTERS.kvlistValue:
      return new JsonText(text).whole();
    default:
      throw new DecodeError(`"${letter}" is not a letter of a value type; expected one of sbidyam-`);
  }
}

/** Levels of arrays and maps: more than a request can have. */
const MAX_NESTING = 100;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?[0-9][-+.0-9eE]*/y;

/**
 * Reads the JSON described above. JSON.parse would drop duplicate keys, cut 64-bit integers and lose the difference
 * between 1 and 1.0.
 */
class JsonText {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): AnyValue {
    const value = this.value();
    if (this.at !== this.text.length) throw this.error('the end');
    return value;
  }

  private value(): AnyValue {
    switch (this.text[this.at]) {
      case '"':
        return { stringValue: this.string() };
      case '[':
        return { arrayValue: { values: this.items('[', ']', () => this.value()) } };
      case '{':
        return this.object();
      case 't':
        return this.word('true', { boolValue: true });
      case 'f':
        return this.word('false', { boolValue: false });
      case 'n':
        return this.word('null', {});
      default:
        return this.number();
    }
  }

  private object(): AnyValue {
    const values = this.items('{', '}', () => {
      const key = this.string();
      this.expect(':');
      return { key, value: this.value() };
    });
    const [first] = values;
    if (first !== undefined && 'stringValue' in first.value) {
      if (first.key === '$bytes') return { bytesValue: first.value.stringValue };
      if (first.key === '$double') return { doubleValue: Number(first.value.stringValue) };
    }
    return {
      kvlistValue: {
        values: values.map(({ key, value }) => ({ key: key.startsWith('$') ? key.slice(1) : key, value })),
      },
    };
  }

  private items<I>(open: string, close: string, item: () => I): I[] {
    const items: I[] = [];
    if (++this.depth > MAX_NESTING) throw this.error(`no more than ${MAX_NESTING} levels`);
    this.expect(open);
    while (this.text[this.at] !== close) {
      if (items.length > 0) this.expect(',');
      items.push(item());
    }
    this.expect(close);
    this.depth--;
    return items;
  }

  private string(): string {
    const literal = this.match(STRING, 'a string');
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw this.error('a string of JSON to end');
    }
  }

  private number(): AnyValue {
    const text = this.match(NUMBER, 'a value');
    return /[.e]/.test(text) ? { doubleValue: Number(text) } : { intValue: text };
  }

  private word(word: string, value: AnyValue): AnyValue {
    for (const letter of word) this.expect(letter);
    return value;
  }

  private match(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw this.error(what);
    this.at += found.length;
    return found;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw this.error(`"${character}"`);
    this.at++;
  }

  private error(expected: string): DecodeError {
    return new DecodeError(
      `attribute value ${this.text.slice(0, 80)}: expected ${expected} at character ${this.at}`,
    );
  }
}
