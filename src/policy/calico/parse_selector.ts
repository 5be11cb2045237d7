import { said } from '../rules/fields.js';
import { InvalidPolicy } from '../rules/problem.js';
import { EVERYTHING, type Selector, type Test } from './selector.js';

const MOST_NESTED = 100;

const KEY = /[A-Za-z0-9_./-]{1,512}/y;
const HAS = /has\([ \t]*([A-Za-z0-9_./-]{1,512})[ \t]*\)/y;
const ALL = /all\([ \t]*\)/y;
const GLOBAL = /global\(/y;
const TEXT = /"[^"]*"|'[^']*'/y;

/** Words end where no letter of a label follows; two words may stand with or without a space between. */
const TESTS: readonly (readonly [Exclude<Test, 'has'>, RegExp])[] = [
  ['==', /==/y],
  ['!=', /!=/y],
  ['contains', /contains(?![\w./-])/y],
  ['starts with', /starts[ \t]*with(?![\w./-])/y],
  ['ends with', /ends[ \t]*with(?![\w./-])/y],
  ['not in', /not[ \t]*in(?![\w./-])/y],
  ['in', /in(?![\w./-])/y],
];

/**
 * Parses a selector in Calico's language; nothing but blanks is `all()`. `where` is its path in the object. Throws
 * InvalidPolicy that says what was expected at which character.
 * Source: projectcalico/calico libcalico-go/lib/selector/tokenizer/tokenizer.go, parser/parser.go.
 */
export function parseSelector(value: unknown, where: string): Selector {
  if (typeof value !== 'string') throw new InvalidPolicy(where, `is ${said(value)}, not a selector`);
  return new Parser(value, where).whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly where: string,
  ) {}

  whole(): Selector {
    if (this.isAtEnd()) return EVERYTHING;
    const selector = this.either();
    return this.isAtEnd() ? selector : this.fail('&&, || or the end');
  }

  private either(): Selector {
    return this.chain('or', /\|\|/y, () => this.chain('and', /&&/y, () => this.operand()));
  }

  private chain(kind: 'and' | 'or', operator: RegExp, operand: () => Selector): Selector {
    const first = operand();
    const rest: Selector[] = [];
    while (this.take(operator)) rest.push(operand());
    return rest.length === 0 ? first : { kind, of: [first, ...rest] };
  }

  /** Any number of `!` and what they negate. */
  private operand(): Selector {
    let isNegated = false;
    while (this.take(/!/y)) isNegated = !isNegated;
    const of = this.take(/\(/y) ? this.nested() : this.single();
    return isNegated ? { kind: 'not', of } : of;
  }

  private nested(): Selector {
    this.depth++;
    if (this.depth > MOST_NESTED) this.fail(`at most ${MOST_NESTED} parentheses within each other`);
    const selector = this.either();
    this.depth--;
    return this.take(/\)/y) ? selector : this.fail('&&, || or )');
  }

  private single(): Selector {
    if (this.take(ALL)) return EVERYTHING;
    const [, had] = this.take(HAS) ?? [];
    if (had !== undefined) return { kind: 'label', key: had, test: 'has', values: [] };
    if (this.take(GLOBAL))
      this.fail('no global(), which is only for a rule, as its whole namespaceSelector,');
    const [key] = this.take(KEY) ?? this.fail('a label, has(), all(), ! or (');
    const [test] =
      TESTS.find(([, pattern]) => this.take(pattern)) ?? this.fail(`a comparison after label ${key}`);
    return {
      kind: 'label',
      key,
      test,
      values: test === 'in' || test === 'not in' ? this.list() : [this.quoted()],
    };
  }

  /** `{"a", 'b'}`, also empty or with a comma at its end. */
  private list(): string[] {
    if (!this.take(/\{/y)) this.fail('{');
    const values: string[] = [];
    while (!this.take(/\}/y)) {
      values.push(this.quoted());
      if (!this.take(/,/y) && !this.sees(/\}/y)) this.fail('a comma or }');
    }
    return values;
  }

  private quoted(): string {
    const [quoted] = this.take(TEXT) ?? this.fail('text in quotes');
    return quoted.slice(1, -1);
  }

  /** Moves behind what the pattern matches next, blanks aside. */
  private take(pattern: RegExp): RegExpExecArray | undefined {
    const match = this.sees(pattern);
    if (match !== undefined) this.at = match.index + match[0].length;
    return match;
  }

  private sees(pattern: RegExp): RegExpExecArray | undefined {
    this.skipBlanks();
    pattern.lastIndex = this.at;
    return pattern.exec(this.text) ?? undefined;
  }

  private isAtEnd(): boolean {
    this.skipBlanks();
    return this.at === this.text.length;
  }

  private skipBlanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  private fail(expected: string): never {
    const rest = this.text.slice(this.at, this.at + 20);
    const found = rest === '' ? 'the end' : said(rest);
    throw new InvalidPolicy(
      this.where,
      `is ${said(this.text)}: expected ${expected} at character ${this.at + 1}, found ${found}`,
    );
  }
}
