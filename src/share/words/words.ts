import { Addresses, type AddressMode } from '../addresses/addresses.js';
import { EmbeddedAddresses } from '../addresses/embedded.js';
import type { ShareKey } from '../key.js';
import { findSecrets } from '../secrets/find_secrets.js';
import { Ids, isId } from './ids.js';
import { KnownSecrets } from './known_secrets.js';
import { Mint } from './mint.js';
import { Names } from './names.js';
import { isNumber, isPublishedWord, isStatementWord } from './published/published.js';
import { rewriteStatement } from './statement.js';
import { TextRewriter } from './text.js';
import { rewriteUrl } from './url.js';
import type { Vocabulary } from './vocabulary.js';

export { Vocabulary } from './vocabulary.js';

/**
 * Told of everything that was replaced, at least once: a name's word once, ids, addresses and secrets at times again.
 * It makes the private map, and the list of what must not be found afterwards.
 */
export type Noted = (pseudonym: string, original: string, kind: 'name' | 'id' | 'address' | 'secret') => void;

export interface WordsOptions {
  readonly key: ShareKey;
  /** Complete: it takes no more names, as they would change the pseudonyms of others. */
  readonly vocabulary: Vocabulary;
  readonly addresses: AddressMode;
  readonly note: Noted;
  /** Words that may stay besides the published ones. */
  readonly published?: ReadonlySet<string>;
  /** Secrets that are cut wherever they stand in texts, though nothing there tells that they are any; and what by. */
  readonly secrets?: ReadonlyMap<string, string>;
}

/** Of more digits are numbers of people and cards. */
const CODE = /^[+-]?\d{1,5}(?:\.\d{1,5})?$/;

/**
 * The one function of every value of a share: a function of key, vocabulary and text only, so that a string has the same
 * pseudonym wherever it occurs, and so that several threads need not agree on anything else.
 */
export class Words {
  /** For columns of raw ids. */
  readonly ids: Ids;
  readonly #vocabulary: Vocabulary;
  readonly #addresses: Addresses;
  readonly #names: Names;
  readonly #texts: TextRewriter;
  readonly #isPublished: (word: string) => boolean;
  readonly #note: Noted;

  constructor({ key, vocabulary, addresses: mode, note, published, secrets = new Map() }: WordsOptions) {
    vocabulary.close();
    this.#vocabulary = vocabulary;
    const isPublished = (word: string) => isPublishedWord(word) || published?.has(word) === true;
    this.#isPublished = isPublished;
    this.#note = note;
    const addressChanged = (instead: string, original: string) => note(instead, original, 'address');
    const isTaken = (word: string) => vocabulary.has(word) || isPublished(word);
    this.ids = new Ids(key);
    this.#addresses = new Addresses(key, mode, addressChanged);
    const embedded = new EmbeddedAddresses(this.#addresses, addressChanged);
    const nobody = () => undefined;
    this.#names = new Names({
      vocabulary,
      isPublished,
      ids: this.ids,
      addresses: this.#addresses,
      embedded,
      mint: new Mint(key, isTaken, (word, original) => note(word, original, 'name')),
      idChanged: (instead, original) => note(instead, original, 'id'),
      isStillHidden: (text, rewritten) => this.#texts.isStillHidden(text, rewritten),
    });
    const known = new KnownSecrets(secrets, (instead, secret) => note(instead, secret, 'secret'));
    this.#texts = new TextRewriter([...vocabulary.words(), ...secrets.keys()], {
      isPublished,
      name: (text) => known.cut(text) ?? this.name(text),
      embedded,
      addresses: new EmbeddedAddresses(new Addresses(key, mode, nobody), nobody),
      findSecrets,
      secret: ({ kind }, original) => {
        note(`[${kind}]`, original, 'secret');
        return `[${kind}]`;
      },
      encoded: (original) => {
        note('[encoded]', original, 'secret');
        return '[encoded]';
      },
    });
  }

  /** Names, hosts, ids, addresses, paths, `Kind namespace/name`: what it is, is seen from its shape. */
  name(text: string): string {
    return this.#names.known(text) ?? (text.includes('://') ? this.url(text) : this.#names.name(text));
  }

  /** What is made of a name's pseudonym, such as one that is cut to a length; noted, so that it is turned back too. */
  madeOf(name: string, make: (pseudonym: string) => string): string {
    const pseudonym = this.name(name);
    const made = make(pseudonym);
    if (made !== pseudonym && made !== name) this.#note(made, name, 'name');
    return made;
  }

  /** Text of an IP address or block; anything else is a name. */
  address(text: string): string {
    return this.#addresses.text(text) ?? this.name(text);
  }

  /** Free text; see TextRewriter for what is replaced. */
  text(text: string): string {
    return this.#texts.text(text);
  }

  /** A few words of which each is a name, though no column or object has it: `Globex Industries`. */
  phrase(text: string): string {
    return this.#texts.names(text);
  }

  /** A URL, a path or a route. */
  url(text: string): string {
    return rewriteUrl(text, {
      name: (part) => this.#names.name(part),
      value: (part) => this.#value(part),
    });
  }

  /** SQL and the like. */
  statement(text: string): string {
    return rewriteStatement(text, {
      name: (part) => this.#names.name(part),
      isKeyword: (word, beforeBy) =>
        this.#isPublished(word) || (isStatementWord(word) && (beforeBy || !this.#vocabulary.has(word))),
    });
  }

  /** Names of spans, metrics, scopes and RPCs: names in which paths and URLs may stand (`GET /cart/{id}`). */
  operation(text: string): string {
    if (!text.includes('/')) return this.name(text);
    return text.replace(/\S+/g, (part) => (part.startsWith('/') ? this.url(part) : this.name(part)));
  }

  /** Whether the text is a published word, or a number that has not the shape of an id. */
  published(text: string): boolean {
    return this.#isPublished(text) || (isNumber(text) && !isId(text));
  }

  /** What a column of class keep holds as text: itself if it is a published word or a number as codes and levels are, else a name. */
  keep(text: string): string {
    return this.#isPublished(text) || CODE.test(text) ? text : this.name(text);
  }

  #value(text: string): string {
    return /\s/.test(text) ? this.text(text) : this.name(text);
  }
}
