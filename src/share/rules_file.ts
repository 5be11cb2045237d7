import { parseDocument } from 'yaml';
import { closest } from '../closest.js';
import { InvalidFileError, reasonOf } from '../errors.js';
import type { Redaction } from '../schema/semantic_type.js';
import type { Column } from '../schema/table.js';
import { tables } from '../schema/tables/index.js';
import type { Rules } from './rules.js';

/** From what hides most to what hides nothing. */
const CLASSES: readonly Redaction[] = ['drop', 'pseudonym', 'address', 'text', 'keep'];

/** What an attribute is without a rule: a name where it is one word, else text. */
const OF_ATTRIBUTES: Redaction = 'pseudonym';

const SECTIONS = ['columns', 'attributes', 'names', 'published'];

/** Reads a rules file; throws an InvalidFileError that names the place, the value and what was expected. */
export function parseRules(text: string, file: string): Rules {
  return new RulesParser(file).parse(text);
}

class RulesParser {
  private readonly reasons = new Map<string, string>();

  constructor(private readonly file: string) {}

  parse(text: string): Rules {
    const sections = this.entries('', this.yaml(text) ?? {}, SECTIONS);
    const section = (name: string) => new Map(sections).get(name) ?? undefined;
    return {
      columns: this.columns(section('columns')),
      attributes: this.attributes(section('attributes')),
      names: this.names(section('names')),
      published: this.published(section('published')),
      reasons: this.reasons,
    };
  }

  private yaml(text: string): unknown {
    const document = parseDocument(text, { uniqueKeys: true });
    const [error] = document.errors;
    if (error !== undefined) {
      // Below its first line the message draws where it is.
      throw new InvalidFileError(this.file, (error.message.split('\n')[0] ?? '').replace(/:$/, ''));
    }
    try {
      return document.toJS({ maxAliasCount: 0 });
    } catch (error) {
      throw new InvalidFileError(this.file, reasonOf(error));
    }
  }

  private columns(section: unknown): Map<string, Redaction> {
    const all = new Map<string, Column>(
      tables.flatMap(({ name, columns }) =>
        Object.entries(columns).map(([column, declared]) => [`${name}.${column}`, declared] as const),
      ),
    );
    const classes = new Map<string, Redaction>();
    for (const [name, rule] of this.entries('columns', section ?? {})) {
      const at = `columns: ${name}`;
      const declared = all.get(name);
      if (declared === undefined) this.fail(at, `no such column${closest(name, [...all.keys()])}`);
      const redaction = this.classOf(at, rule, declared.type.redaction);
      this.checkFits(at, redaction, name, declared);
      classes.set(name, redaction);
    }
    return classes;
  }

  /** Numbers cannot become words, and what every row needs cannot be left out. */
  private checkFits(at: string, redaction: Redaction, name: string, { type, nullable }: Column): void {
    const holdsText = type.physical.startsWith('text');
    const isList = type.physical.endsWith('list') || type.physical === 'attributes';
    const canBeEmpty = nullable || isList || (holdsText && !name.endsWith('.node'));
    const possible = CLASSES.filter(
      (each) =>
        each === type.redaction || (each === 'drop' ? canBeEmpty : holdsText && !name.endsWith('.node')),
    );
    if (!possible.includes(redaction))
      this.fail(`${at}: class`, `${redaction}; for this column it can be ${possible.join(', ')}`);
  }

  private attributes(section: unknown): Map<string, Redaction> {
    return new Map(
      this.entries('attributes', section ?? {}).map(([key, rule]) => [
        key,
        this.classOf(`attributes: ${key}`, rule, OF_ATTRIBUTES),
      ]),
    );
  }

  private names(section: unknown): string[] {
    if (section === undefined || section === null) return [];
    if (!Array.isArray(section)) this.fail('names', `${shown(section)}; expected a list of names`);
    return section.map((name, i) => {
      const isName = typeof name === 'string' && name.trim() !== '';
      return isName ? name : this.fail(`names[${i}]`, `${shown(name)}; expected a name`);
    });
  }

  /** Each word has its reason. */
  private published(section: unknown): string[] {
    return this.entries('published', section ?? {}).map(([word, rule]) => {
      const at = `published: ${word}`;
      const given = new Map(this.entries(at, rule, ['reason']));
      this.takeReason(at, given.get('reason'));
      return word;
    });
  }

  private classOf(at: string, rule: unknown, before: Redaction): Redaction {
    const given = new Map(this.entries(at, rule, ['class', 'reason']));
    const written = given.get('class');
    const redaction = CLASSES.find((each) => each === written);
    if (redaction === undefined)
      this.fail(`${at}: class`, `${shown(written)}; expected ${CLASSES.join(', ')}`);
    const isLoosened = CLASSES.indexOf(redaction) > CLASSES.indexOf(before);
    if (isLoosened || given.has('reason')) this.takeReason(at, given.get('reason'));
    return redaction;
  }

  private takeReason(at: string, reason: unknown): void {
    if (typeof reason !== 'string' || reason.trim() === '') {
      this.fail(`${at}: reason`, `${shown(reason)}; expected why it may be seen, since others are to see it`);
    }
    this.reasons.set(at, reason);
  }

  /** The entries of a map, which have to be among the names. */
  private entries(at: string, value: unknown, names?: readonly string[]): [string, unknown][] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fail(
        at,
        `${shown(value)}; expected ${names?.join(', ') ?? 'names with what they are to be'}`,
      );
    }
    const entries = Object.entries(value);
    const unknown = entries.find(([name]) => names !== undefined && !names.includes(name));
    if (names !== undefined && unknown !== undefined) {
      this.fail(
        at,
        `${shown(unknown[0])} is not known; expected ${names.join(', ')}${closest(unknown[0], names)}`,
      );
    }
    return entries;
  }

  private fail(at: string, problem: string): never {
    throw new InvalidFileError(this.file, at === '' ? problem : `${at}: ${problem}`);
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
}
