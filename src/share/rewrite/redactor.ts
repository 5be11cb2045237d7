import { DecodeError } from '../../errors.js';
import { attributeRule } from '../objects/attribute_keys.js';
import { Attributes } from '../objects/attributes.js';
import { redactCgroupPath } from '../objects/cgroup_path.js';
import type { ClusterFacts } from '../objects/cluster_facts.js';
import { redactDetail } from '../objects/details.js';
import { redactEntityRefs } from '../objects/entity_refs.js';
import { RedactedLabels } from '../objects/labels.js';
import { keepsShortNumbers } from '../objects/numbers.js';
import { ObjectRedactor } from '../objects/redact_object.js';
import { redactTraceState } from '../objects/trace_state.js';
import { takesIds } from '../objects/values.js';
import type { Rules } from '../rules.js';
import { type Ids, isId } from '../words/ids.js';
import type { Words } from '../words/words.js';
import type { Change } from './new_texts.js';
import type { Treatment } from './plan.js';

/** Treatments of a column whose values are each a text of its own. */
export type TextTreatment = Exclude<Treatment, 'dropped' | 'attributes' | 'body'>;

/** Texts of values that are no strings, by the letters of their types. */
const NO_STRING: Readonly<Record<string, RegExp>> = {
  b: /^(?:true|false)$/,
  i: /^-?\d+$/,
  d: /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/,
};

/** What is done to values, by the treatment of their column and by the rules. */
export class Redactor {
  readonly changes: Readonly<Record<TextTreatment, Change>>;
  readonly ids: Ids;
  private readonly attributes: Attributes;
  private readonly bodies = new Map<string, Change>();
  private readonly publishesIds: boolean;

  constructor(
    private readonly words: Words,
    facts: ClusterFacts,
    private readonly rules: Rules,
  ) {
    this.ids = words.ids;
    this.publishesIds = [...rules.published].some(isId);
    this.attributes = new Attributes(words);
    const labels = new RedactedLabels(words);
    const objects = new ObjectRedactor(words, facts);
    const name: Change = (text) => words.name(text);
    this.changes = {
      'as it is': (text) => text,
      published: (text) => words.keep(text),
      name,
      id: name,
      address: (text) => words.address(text),
      interfaces: (text) =>
        text
          .split(',')
          .map((name) => words.name(name))
          .join(','),
      text: (text) => words.text(text),
      url: (text) => words.url(text),
      statement: (text) => words.statement(text),
      operation: (text) => words.operation(text),
      label: (text) => labels.written(text),
      'trace state': (text) => redactTraceState(text, words),
      'cgroup path': (text) => redactCgroupPath(text, words),
      'value types': (text) => (/^[sbidyam-]*$/.test(text) ? text : words.name(text)),
      detail: (text) => redactDetail(text, words),
      entities: (text) =>
        unlessMalformed(
          () => redactEntityRefs(text, words),
          () => words.name(text),
        ),
      object: (text) => objects.redact(text),
    };
  }

  readonly attributeKey: Change = (key) => this.attributes.key(key);

  /** Whether the rules leave out the values of any attribute. */
  get dropsAttributes(): boolean {
    return [...this.rules.attributes.values()].includes('drop');
  }

  /** Whether the rules leave out attributes of that key. */
  isDropped(key: string): boolean {
    return this.rules.attributes.get(key) === 'drop';
  }

  /** What becomes of strings under a key, where that is the same as in columns; undefined where their look tells. */
  attributeChange(key: string): Change | undefined {
    const redaction = this.rules.attributes.get(key);
    if (redaction === 'keep') return this.changes['as it is'];
    const treatment = redaction === undefined || redaction === 'drop' ? attributeRule(key) : redaction;
    return treatment && this.changes[treatment === 'pseudonym' ? 'name' : treatment];
  }

  /** Whether a string under a key that has the shape of an id becomes that other id. */
  takesIds(key: string): boolean {
    return this.attributeChange(key) === undefined && takesIds(key) && !this.publishesIds;
  }

  /** Whether whole numbers of that type stay under a key, if they are shorter than a card's. */
  keepsShortNumbers(key: string, type: string): boolean {
    return (type === 'i' || type === 'd') && keepsShortNumbers(key);
  }

  /**
   * A value; those that are no strings stay numbers and the like, whatever class the rules give them.
   * @param type letter of its type, as in `attribute_types`
   */
  attributeValue(key: string, type: string, text: string): string {
    const redaction = this.rules.attributes.get(key);
    if (redaction === 'keep') return text;
    switch (type === 's' ? redaction : undefined) {
      case 'pseudonym':
        return this.words.name(text);
      case 'address':
        return this.words.address(text);
      case 'text':
        return this.words.text(text);
      default:
        return this.ofType(type, text, (letter) => this.attributes.value(key, letter, text));
    }
  }

  /** What becomes of bodies of log records whose type has that letter. */
  bodyOf(type: string): Change {
    const known = this.bodies.get(type) ?? ((text) => this.body(type, text));
    this.bodies.set(type, known);
    return known;
  }

  private body(type: string, text: string): string {
    return this.ofType(type, text, (letter) => this.attributes.body(letter, text));
  }

  /** What is not of the type that it is said to have is a string. */
  private ofType(type: string, text: string, redact: (type: string) => string): string {
    if (type === 'a' || type === 'm')
      return unlessMalformed(
        () => redact(type),
        () => redact('s'),
      );
    return redact(type === 'y' || NO_STRING[type]?.test(text) ? type : 's');
  }
}

/** What the text of lists and maps becomes, or what it becomes where it is neither. */
function unlessMalformed(redact: () => string, otherwise: () => string): string {
  try {
    return redact();
  } catch (error) {
    if (error instanceof DecodeError) return otherwise();
    throw error;
  }
}
