import { LosslessNumber } from 'lossless-json';
import { DecodeError, reasonOf } from '../errors.js';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = { true: true, false: false, null: null };

/**
 * Reads JSON with numbers as LosslessNumber, since 64-bit integers may come as numbers; of a key that comes twice the
 * last value counts. Throws DecodeError. It calls itself for each level: how deep the text nests has to be bounded.
 *
 * The parser of lossless-json makes each string character by character, which takes 32 bytes for each of them.
 */
export function parseLossless(text: string): unknown {
  return new Reader(text).whole();
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) throw this.unexpected('the end');
    return value;
  }

  private value(): unknown {
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      default:
        return this.literalOrNumber();
    }
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.list('}', () => {
      this.skipSpace();
      const key = this.string();
      this.take(':', '":"');
      const value = this.value();
      // Assigned to, it would be the object's prototype; no message has such a field.
      if (key !== '__proto__') object[key] = value;
    });
    return object;
  }

  private array(): unknown[] {
    const array: unknown[] = [];
    this.list(']', () => array.push(this.value()));
    return array;
  }

  /** Elements between brackets, separated by commas. */
  private list(end: string, element: () => void): void {
    this.at++;
    this.skipSpace();
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    for (;;) {
      element();
      this.skipSpace();
      if (this.text[this.at] !== ',') break;
      this.at++;
    }
    this.take(end, `"," or "${end}"`);
  }

  private string(): string {
    const start = this.at;
    if (this.text[start] !== '"') throw this.unexpected('a string');
    let end = start;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) throw new DecodeError(`not JSON: the string at character ${start} has no end`);
    } while (this.isEscaped(end));
    this.at = end + 1;
    try {
      return JSON.parse(this.text.slice(start, this.at));
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

  private literalOrNumber(): unknown {
    for (const [name, value] of Object.entries(LITERALS)) {
      if (!this.text.startsWith(name, this.at)) continue;
      this.at += name.length;
      return value;
    }
    NUMBER.lastIndex = this.at;
    const [number] = NUMBER.exec(this.text) ?? [];
    if (number === undefined) throw this.unexpected('a value');
    this.at += number.length;
    return new LosslessNumber(number);
  }

  private take(character: string, expected: string): void {
    this.skipSpace();
    if (this.text[this.at] !== character) throw this.unexpected(expected);
    this.at++;
  }

  private skipSpace(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? '.')) this.at++;
  }

  private unexpected(expected: string): DecodeError {
    const found =
      this.at < this.text.length ? JSON.stringify(this.text.slice(this.at, this.at + 20)) : 'the end';
    return new DecodeError(`not JSON: at character ${this.at}: expected ${expected}; found ${found}`);
  }
}
