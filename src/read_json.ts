import { DecodeError, reasonOf } from './errors.js';

/** What is made of the parts of JSON, the inner ones first. */
export interface JsonParts<T> {
  /** A number, `true`, `false` or `null`, by its text. */
  readonly literal: (text: string) => T;
  readonly string: (text: string) => T;
  readonly list: (items: readonly T[]) => T;
  /** An object by its fields in their order, also those that come twice. */
  readonly object: (fields: readonly (readonly [key: string, value: T])[]) => T;
}

/**
 * Reads JSON, of which nothing gets lost: JSON.parse cuts numbers to doubles and drops fields that come twice.
 * Throws a DecodeError that names the character, from 0, for what is no JSON and for lists and objects of more levels.
 *
 * The parser of lossless-json makes each string character by character, which takes 32 bytes for each of them, and goes
 * as deep as the text does.
 */
export function readJson<T>(text: string, parts: JsonParts<T>, mostLevels: number): T {
  return new JsonReader(text, parts, mostLevels).whole();
}

const BLANKS = /[ \t\n\r]*/y;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** In a string: escapes, and what must be one. */
const TO_DECODE = /[\\\p{Cc}]/u;

class JsonReader<T> {
  private at = 0;
  private level = 0;

  constructor(
    private readonly text: string,
    private readonly parts: JsonParts<T>,
    private readonly mostLevels: number,
  ) {}

  whole(): T {
    const value = this.value();
    this.skipBlanks();
    return this.at === this.text.length ? value : this.fail('the end');
  }

  private value(): T {
    this.skipBlanks();
    switch (this.text[this.at]) {
      case '"':
        return this.parts.string(this.string());
      case '[':
        return this.parts.list(this.items(']', () => this.value()));
      case '{':
        return this.parts.object(this.items('}', () => this.field()));
      default:
        return this.parts.literal(this.literal());
    }
  }

  private field(): readonly [string, T] {
    this.skipBlanks();
    const key = this.string();
    this.skipBlanks();
    if (this.text[this.at] !== ':') this.fail('":"');
    this.at++;
    return [key, this.value()];
  }

  /** What stands between brackets, separated by commas. */
  private items<I>(close: ']' | '}', item: () => I): I[] {
    if (++this.level > this.mostLevels)
      throw new DecodeError(`JSON nested more than ${this.mostLevels} deep at character ${this.at}`);
    const items: I[] = [];
    this.at++;
    this.skipBlanks();
    while (this.text[this.at] !== close) {
      if (items.length > 0) {
        if (this.text[this.at] !== ',') this.fail(`"," or "${close}"`);
        this.at++;
      }
      items.push(item());
      this.skipBlanks();
    }
    this.at++;
    this.level--;
    return items;
  }

  private string(): string {
    const start = this.at;
    if (this.text[start] !== '"') this.fail('a string');
    let end = this.text.indexOf('"', start + 1);
    while (end >= 0 && this.isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (end < 0) throw new DecodeError(`not JSON: the string at character ${start} has no end`);
    this.at = end + 1;
    const plain = this.text.slice(start + 1, end);
    if (!TO_DECODE.test(plain)) return plain;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch (error) {
      throw new DecodeError(`not JSON: the string at character ${start}: ${reasonOf(error).slice(0, 80)}`);
    }
  }

  /** Whether an odd number of backslashes stands before. */
  private isEscaped(quote: number): boolean {
    let from = quote;
    while (this.text[from - 1] === '\\') from--;
    return (quote - from) % 2 === 1;
  }

  private literal(): string {
    LITERAL.lastIndex = this.at;
    const [found] = LITERAL.exec(this.text) ?? this.fail('a value');
    this.at += found.length;
    return found;
  }

  private skipBlanks(): void {
    if (this.text.charCodeAt(this.at) > 32) return;
    BLANKS.lastIndex = this.at;
    this.at += BLANKS.exec(this.text)?.[0].length ?? 0;
  }

  private fail(expected: string): never {
    const rest = this.text.slice(this.at, this.at + 20);
    const found = rest === '' ? 'the end' : JSON.stringify(rest);
    throw new DecodeError(`not JSON: at character ${this.at}: expected ${expected}; found ${found}`);
  }
}
