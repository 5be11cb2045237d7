import type { Words } from '../words/words.js';
import { attributeRule } from './attribute_keys.js';
import { type Json, jsonText, jsonWithin, mapJson, parseJson } from './json_tree.js';
import { redactNumber } from './numbers.js';
import { redactValue } from './values.js';

/** Redacts the keys and values of attributes, and of log bodies, which are values too. */
export class Attributes {
  constructor(private readonly words: Words) {}

  /** A key: published ones stay, of others each part between dots that is not. */
  key(key: string): string {
    return this.words.name(key);
  }

  /**
   * A value as the tape keeps it.
   *
   * @param type its letter: `s` text, `i` integer, `d` double, `b` boolean, `y` bytes, `a` list, `m` map, `-` none
   * @throws DecodeError for a list or map that is no JSON
   */
  value(key: string, type: string, text: string): string {
    switch (type) {
      case 's':
        return this.#string(text, key);
      case 'i':
      case 'd':
        return redactNumber(text, key, this.words);
      case 'a':
      case 'm':
        return this.#levels(parseJson(text), key);
      case 'y':
        return '';
      default:
        return text;
    }
  }

  /** The body of a log record: text, unless it is JSON or a list or map. */
  body(type: string, text: string): string {
    if (type !== 's') return this.value('', type, text);
    const json = jsonWithin(text);
    return json === undefined ? this.words.text(text) : this.#levels(json, '');
  }

  /** Bytes within (`{"$bytes": …}`) are emptied. */
  #levels(json: Json, key: string): string {
    return jsonText(
      mapJson(json, key, {
        key: (at) => (at === '$bytes' || at === '$double' ? at : this.key(at)),
        string: (text, at) => {
          if (at === '$bytes') return '';
          return at === '$double' && NO_NUMBER.test(text) ? text : this.#string(text, at);
        },
        number: (text, at) => redactNumber(text, at, this.words),
      }),
    );
  }

  #string(text: string, key: string): string {
    const { words } = this;
    switch (attributeRule(key)) {
      case 'url':
        return words.url(text);
      case 'statement':
        return words.statement(text);
      case 'operation':
        return words.operation(text);
      default:
        return redactValue(text, key, words, (inner) => this.key(inner));
    }
  }
}

/** Doubles for which JSON has no number. */
const NO_NUMBER = /^(?:NaN|-?Infinity|-0)$/;
