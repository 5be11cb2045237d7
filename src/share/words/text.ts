import type { EmbeddedAddresses } from '../addresses/embedded.js';
import type { Secret } from '../secrets/secret.js';
import { classAt, folded, SEPARATOR } from './characters.js';
import { encodedParts, encodedRuns } from './encoded.js';
import { Finder, type Found } from './finder.js';
import { dashed } from './id_places.js';
import { isId } from './ids.js';
import { KnownNames } from './known_names.js';
import { LongNames } from './long_names.js';

/** Shorter names are not looked for in texts: `a`, `db` and `eu` are words there. */
const SHORTEST_NAME = 3;
/** The first label of a host, where it is no plain word: `vexnode-17.corp.example`. */
const HOST = /^(?=[^.]*[-0-9])([a-z0-9-]*[a-z]{3}[a-z0-9-]*)(?:\.[a-z0-9-]+)*\.[a-z]{2,24}$/i;
/** How often it is looked into what is encoded: base64 of a URL-encoded text is twice. */
const MOST_DECODED = 2;

/** Stands for every known name: of a longer one a shorter may be left. */
const A_NAME = '';

/** What the parts of a text are replaced by. */
export interface Replacing {
  /** Whether a word stays, also where it is a name. */
  readonly isPublished: (word: string) => boolean;
  readonly name: (name: string) => string;
  readonly embedded: EmbeddedAddresses;
  /** The same for texts of which nothing is replaced by it, so that nobody is told. */
  readonly addresses: EmbeddedAddresses;
  readonly findSecrets: (text: string) => readonly Secret[];
  readonly secret: (secret: Secret, original: string) => string;
  /** What stands for a run that says something in another form. */
  readonly encoded: (original: string) => string;
}

/**
 * Rewrites free text: secrets are cut, ids, addresses and host names by their shape replaced, and known names wherever
 * they are whole words or whole parts of `camelCase` and `snake_case`, long ones within words too, without regard to
 * case. What says any of these in another form is cut. Names of fewer than three characters and published words are not
 * looked for; everything else stays.
 */
export class TextRewriter {
  readonly #finder: Finder;
  readonly #finderWithin: Finder;
  readonly #long: LongNames;
  readonly #replacing: Replacing;

  constructor(names: Iterable<string>, replacing: Replacing) {
    const searched = [...searchedFor(names, replacing.isPublished)];
    const known = new KnownNames(searched);
    this.#finder = new Finder(known, replacing.embedded);
    this.#finderWithin = new Finder(known, replacing.addresses);
    this.#long = new LongNames(searched);
    this.#replacing = replacing;
  }

  /** The text as it may be shared. */
  text(text: string): string {
    return this.#cut(text, (rest) => this.#withoutEncoded(rest));
  }

  /** Words of which each is a name, though nobody else speaks of it; blanks and secrets as in texts. */
  names(text: string): string {
    return this.#cut(text, (rest) => rest.replace(/\S+/g, (word) => this.#replacing.name(word)));
  }

  /** Whether what a text became says something in another form that the text says so. */
  isStillHidden(text: string, rewritten: string): boolean {
    return this.#isStillHidden(this.#hidden(text, 0), rewritten);
  }

  #cut(text: string, rewrite: (rest: string) => string): string {
    const { findSecrets, secret } = this.#replacing;
    let rewritten = '';
    let done = 0;
    for (const found of findSecrets(text)) {
      rewritten += rewrite(text.slice(done, found.start));
      rewritten += secret(found, text.slice(found.start, found.end));
      done = found.end;
    }
    return rewritten + rewrite(text.slice(done));
  }

  /** Cuts runs that say something in another form, also once what they say plainly is replaced. */
  #withoutEncoded(text: string): string {
    let rewritten = '';
    let done = 0;
    for (const { start, end, decoded } of encodedRuns(text)) {
      if (start < done) continue;
      const hidden = this.#said(decoded, 1);
      if (hidden.size === 0) continue;
      const run = text.slice(start, end);
      if (!this.#isStillHidden(hidden, this.#plain(run))) continue;
      rewritten += this.#plain(text.slice(done, start)) + this.#replacing.encoded(run);
      done = end;
    }
    return this.#withoutEncodedParts(rewritten + this.#plain(text.slice(done)));
  }

  /** Cuts parts of words and paths that say something in another form, once names are replaced, which they may be parts of. */
  #withoutEncodedParts(text: string): string {
    let rewritten = '';
    let done = 0;
    for (const { start, end, decoded } of encodedParts(text)) {
      if (this.#said(decoded, 1).size === 0) continue;
      rewritten += text.slice(done, start) + this.#replacing.encoded(text.slice(start, end));
      done = end;
    }
    return done === 0 ? text : rewritten + text.slice(done);
  }

  #isStillHidden(hidden: ReadonlySet<string>, rewritten: string): boolean {
    if (hidden.size === 0) return false;
    for (const one of this.#hidden(rewritten, 0)) if (hidden.has(one)) return true;
    return false;
  }

  /** What a text says in other forms. */
  #hidden(text: string, depth: number): Set<string> {
    const hidden = new Set<string>();
    for (const { decoded } of encodedRuns(text)) {
      for (const one of this.#said(decoded, depth + 1)) hidden.add(one);
    }
    return hidden;
  }

  /** What a text says that is to be replaced, as it stands and in other forms. */
  #said(text: string, depth: number): Set<string> {
    const said = depth < MOST_DECODED ? this.#hidden(text, depth) : new Set<string>();
    const add = (found: Found) => {
      const original = text.slice(found.start, found.end);
      if (this.#mayNotStay(original, found)) said.add(found.isKnown ? A_NAME : folded(original));
    };
    this.#finderWithin.each(text, add);
    this.#long.each(text, add);
    return said;
  }

  /** False for what says nothing of anybody. An id or a host may stand for another already, and must get no word of its own. */
  #mayNotStay(original: string, { instead, isKnown }: Found): boolean {
    if (instead !== undefined) return instead !== original;
    if (isKnown) return this.#replacing.name(original) !== original;
    return /[^0_-]/.test(original) && !original.split('.').every(this.#replacing.isPublished);
  }

  #plain(text: string): string {
    const changed: number[] = [];
    let rewritten = '';
    let done = 0;
    this.#finder.each(text, (found) => {
      const instead = this.#instead(text, found);
      rewritten += text.slice(done, found.start);
      if (instead !== text.slice(found.start, found.end))
        changed.push(rewritten.length, rewritten.length + instead.length);
      rewritten += instead;
      done = found.end;
    });
    return this.#withoutLong(done === 0 ? text : rewritten + text.slice(done), changed);
  }

  /**
   * What is left of long names within longer words, once those that stand for themselves are replaced: a name may begin in
   * what stayed, such as a published host. Within what is another already nothing is a name but by chance.
   * @param changed where that begins and ends, in order
   */
  #withoutLong(text: string, changed: readonly number[]): string {
    let rewritten = '';
    let [done, at, next] = [0, 0, 0];
    for (let found = this.#long.first(text, at); found !== undefined; found = this.#long.first(text, at)) {
      const { start, end } = found;
      while ((changed[next + 1] ?? text.length) <= start) next += 2;
      const isWithin = (changed[next] ?? text.length) <= start && end <= (changed[next + 1] ?? 0);
      at = isWithin ? start + 1 : end;
      if (isWithin) continue;
      rewritten += text.slice(done, start) + this.#instead(text, found);
      done = end;
    }
    return done === 0 ? text : rewritten + text.slice(done);
  }

  #instead(text: string, { start, end, instead }: Found): string {
    if (instead !== undefined) return instead;
    const original = text.slice(start, end);
    const isUnderscored = original.includes('_') && isId(dashed(original));
    const name = this.#replacing.name(isUnderscored ? dashed(original) : original);
    return isUnderscored ? name.replaceAll('-', '_') : name;
  }
}

/** The names that texts are searched for, without separators around them; ids are found by their shape. */
function* searchedFor(names: Iterable<string>, isPublished: (word: string) => boolean): Generator<string> {
  for (const name of names) {
    let start = 0;
    let end = name.length;
    while (start < end && classAt(name, start) === SEPARATOR) start++;
    while (end > start && classAt(name, end - 1) === SEPARATOR) end--;
    const inner = name.slice(start, end);
    if (inner.length < SHORTEST_NAME || isPublished(inner) || isId(inner)) continue;
    yield inner;
    const host = HOST.exec(inner)?.[1];
    if (host !== undefined && !isPublished(host)) yield host;
  }
}
