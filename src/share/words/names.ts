import type { Addresses } from '../addresses/addresses.js';
import type { EmbeddedAddresses } from '../addresses/embedded.js';
import { classAt, isWordClass, labelEnd, SEPARATOR } from './characters.js';
import { type Ids, isId } from './ids.js';
import type { Mint } from './mint.js';
import type { Vocabulary } from './vocabulary.js';

/** Longest label and longest name of RFC 1123 and Kubernetes. */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;
/** A label of more parts is one word: nobody's, and finding its known parts would take the square of them. */
const MOST_PARTS = 32;
/** No published word is longer, in labels. */
const LONGEST_PUBLISHED = 10;
/** So many names are remembered at most, … */
const MOST_KNOWN = 50_000;
/** … and none that is longer. */
const LONGEST_KNOWN = 1024;

/** Such a text is one name or id: it has no parts, and no address is in it. */
const LETTERS_AND_DIGITS = /^[0-9A-Za-z]+$/;

/** Every address has one of these, however it is written. */
const IN_ADDRESSES = /[.:_-]/;

/** What parts of a label stand between. */
const IN_LABELS = /[_-]/;

const PORT = /^(.*[^:]):(\d{1,5})$/;

/** Whether it is too long to be a name of DNS, whole or in one of its labels. */
function isTooLong(name: string): boolean {
  if (name.length <= LONGEST_LABEL) return false;
  return name.length > LONGEST_NAME || name.split('.').some((label) => label.length > LONGEST_LABEL);
}

/** What names are made of and looked up in. */
export interface NameParts {
  readonly vocabulary: Vocabulary;
  /** Whether a word stays. */
  readonly isPublished: (word: string) => boolean;
  readonly mint: Mint;
  readonly ids: Ids;
  readonly addresses: Addresses;
  readonly embedded: EmbeddedAddresses;
  /** Told of each id that was replaced. */
  readonly idChanged: (instead: string, original: string) => void;
  /** Whether what became of a text says something in another form that the text says so. */
  readonly isStillHidden: (text: string, rewritten: string) => boolean;
}

/**
 * Pseudonyms of names. A name is cut into labels at everything but letters, digits, `-` and `_`; published runs of
 * labels stay (`svc.cluster.local`); a label is taken apart by its longest known part, and what is left of it
 * likewise. What nobody knows becomes one word.
 */
export class Names {
  readonly #parts: NameParts;
  readonly #known = new Map<string, string>();

  constructor(parts: NameParts) {
    this.#parts = parts;
  }

  /** The pseudonym of a name that was asked for before; undefined where it was not, or was forgotten. */
  known(text: string): string | undefined {
    return this.#known.get(text);
  }

  /** The pseudonym of a name, whatever its shape: a word, a host, an address, an id, a path, `Kind namespace/name`. */
  name(text: string): string {
    const known = this.known(text);
    if (known !== undefined) return known;
    const pseudonym = LETTERS_AND_DIGITS.test(text)
      ? this.#ofLettersAndDigits(text)
      : (this.#whole(text) ?? this.#joined(text));
    if (text.length > LONGEST_KNOWN) return pseudonym;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(text, pseudonym);
    return pseudonym;
  }

  #ofLettersAndDigits(text: string): string {
    const { isPublished, mint } = this.#parts;
    return isPublished(text) ? text : (this.#id(text) ?? mint.word(text));
  }

  /** What is recognised as a whole. */
  #whole(text: string): string | undefined {
    const { addresses, isPublished } = this.#parts;
    if (text === '' || isPublished(text)) return text;
    return addresses.text(text) ?? this.#id(text);
  }

  #id(text: string): string | undefined {
    const { ids, idChanged } = this.#parts;
    const id = ids.id(text);
    if (id !== undefined && id !== text) idChanged(id, text);
    return id;
  }

  #joined(text: string): string {
    const [, host = '', port] = PORT.exec(text) ?? [];
    if (port !== undefined && this.#isHost(host)) return `${this.name(host)}:${port}`;
    // No part of it is looked for, as whoever wrote it could make that take forever.
    if (text.length > LONGEST_NAME && labelEnd(text, 0) === text.length) return this.#parts.mint.word(text);
    const joined = this.#aroundAddresses(text);
    // Numbers stay, also those of escapes: `%31%30.0.1.12`.
    if (text.includes('%') && this.#parts.isStillHidden(text, joined)) return this.#parts.mint.word(text);
    return isTooLong(joined) && !isTooLong(text) && /^[a-z0-9.-]+$/i.test(text)
      ? this.#parts.mint.word(text)
      : joined;
  }

  #isHost(text: string): boolean {
    return (
      /[.\]]/.test(text) || isId(text) || this.#parts.isPublished(text) || this.#parts.vocabulary.has(text)
    );
  }

  /** Addresses may begin inside a label: `ip-10-0-1-12`. */
  #aroundAddresses(text: string): string {
    if (!IN_ADDRESSES.test(text)) return this.#labels(text, text);
    let joined = '';
    let done = 0;
    for (let at = 0; at < text.length; at++) {
      if (isWordClass(classAt(text, at - 1))) continue;
      const address = this.#parts.embedded.at(text, at);
      if (address === undefined) continue;
      joined += this.#labels(text.slice(done, at)) + address.instead;
      done = address.end;
      at = done - 1;
    }
    return joined + this.#labels(text.slice(done), text);
  }

  /** @param whole the name being made, which must not be asked for again */
  #labels(text: string, whole?: string): string {
    let joined = '';
    for (let at = 0; at < text.length; ) {
      const label = text.slice(at, labelEnd(text, at));
      if (label === '') {
        joined += text.charAt(at++);
        continue;
      }
      // Of the whole it is known that it is not published.
      if (label === whole) return this.#composite(label);
      const published = publishedRun(text, at, this.#parts.isPublished);
      joined += published === '' ? this.name(label) : published;
      at += published.length || label.length;
    }
    return joined;
  }

  #composite(label: string): string {
    const { isPublished, mint, vocabulary } = this.#parts;
    if (!IN_LABELS.test(label)) return mint.word(label);
    const known = longestPart(label, (part) => vocabulary.has(part) || isPublished(part) || isId(part));
    if (known === undefined) return mint.word(label);
    const [start, end] = known;
    const [left, right] = [label.slice(0, start), label.slice(end)];
    const joined = this.#labels(left) + this.name(label.slice(start, end)) + this.#labels(right);
    return joined.length > LONGEST_LABEL && label.length <= LONGEST_LABEL ? mint.word(label) : joined;
  }
}

/** The longest run of labels from an offset that is published; '' where none is. */
function publishedRun(text: string, start: number, isPublished: (run: string) => boolean): string {
  let longest = '';
  let end = start;
  for (let labels = 0; labels < LONGEST_PUBLISHED; labels++) {
    const label = labelEnd(text, end);
    if (label === end) break;
    const run = text.slice(start, label);
    if (isPublished(run)) longest = run;
    end = label + 1;
  }
  return longest;
}

/** Where the longest proper run of parts begins and ends for which the test holds, the first of equally long ones. */
function longestPart(
  label: string,
  test: (run: string) => boolean,
): [start: number, end: number] | undefined {
  const [starts, ends] = partsOf(label);
  if (starts.length > MOST_PARTS) return undefined;
  let longest: [start: number, end: number] | undefined;
  let length = 0;
  for (const start of starts) {
    for (let i = ends.length - 1; i >= 0; i--) {
      const end = ends[i] ?? start;
      if (end - start <= length) break;
      if (end - start === label.length || !test(label.slice(start, end))) continue;
      longest = [start, end];
      length = end - start;
    }
  }
  return longest;
}

/** Where the parts of a label begin, and where they end. */
function partsOf(label: string): [starts: number[], ends: number[]] {
  const starts = [0];
  const ends: number[] = [];
  for (let at = 1; at < label.length; at++) {
    const [before, here] = [classAt(label, at - 1), classAt(label, at)];
    if (before === SEPARATOR && here !== SEPARATOR) starts.push(at);
    if (before !== SEPARATOR && here === SEPARATOR) ends.push(at);
  }
  return [starts, [...ends, label.length]];
}
