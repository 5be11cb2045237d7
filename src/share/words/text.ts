import type { EmbeddedAddresses } from '../addresses/embedded.js';
import type { Secret } from '../secrets/secret.js';
import { CLASS, classAt, DIGIT, isPartEnd, isWordClass, SEPARATOR, UPPER } from './characters.js';
import { encodedRuns } from './encoded.js';
import { hostEnd, mayBeginHost } from './host_names.js';
import { isId } from './ids.js';
import { hashed, KnownNames, NO_CHARACTERS } from './known_names.js';
import { LongNames } from './long_names.js';

/** Shorter names are not looked for in texts: `a`, `db` and `eu` are words there. */
const SHORTEST_NAME = 3;
/** What stands behind the first digits of an address, however it is written. */
const JOINS_ADDRESSES = new Set(['.', '-', ':', '_', '['].map((character) => character.charCodeAt(0)));
/** The first label of a host, where it is no plain word: `vexnode-17.corp.example`. */
const HOST = /^(?=[^.]*[-0-9])([a-z0-9-]*[a-z]{3}[a-z0-9-]*)(?:\.[a-z0-9-]+)*\.[a-z]{2,24}$/i;
/** How often a name is looked for in what is encoded: base64 of a URL-encoded text is twice. */
const MOST_DECODED = 2;
const UUID_LENGTH = 36;
const COLON = 0x3a;
const HYPHEN = 0x2d;
/** What letters and digits of an escape stand behind: a backslash, a per cent sign, or the start of a terminal's. */
const BEFORE_ESCAPES = new Set(['\\', '%', '[', ';'].map((character) => character.charCodeAt(0)));
/** Letters and digits that belong to `\n`, `\u0026`, `%2F` or a terminal's colour, and not to the word behind. */
const ESCAPED =
  /(?<=\\)(?:u[0-9a-f]{4}|[bfnrtv])|(?<=%)[0-9a-f]{2}|(?<=[^ -\uffff]\[[0-9;]{0,16})[0-9]{0,3}m/iy;

/** What the parts of a text are replaced by. */
export interface Replacing {
  /** Whether a word stays, also where it is a name. */
  readonly isPublished: (word: string) => boolean;
  readonly name: (name: string) => string;
  readonly embedded: EmbeddedAddresses;
  readonly findSecrets: (text: string) => readonly Secret[];
  readonly secret: (secret: Secret, original: string) => string;
  /** What stands for a run that says a name in another form. */
  readonly encoded: (original: string) => string;
}

/** A part of a text, and what stands there instead. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

/**
 * Rewrites free text: secrets are cut, ids, addresses and host names by their shape replaced, and known names wherever
 * they are whole words or whole parts of `camelCase` and `snake_case`, long ones within words too, without regard to
 * case. Names of fewer than three characters and published words are not looked for; everything else stays.
 */
export class TextRewriter {
  readonly #known: KnownNames;
  readonly #long: LongNames;
  readonly #replacing: Replacing;

  constructor(names: Iterable<string>, replacing: Replacing) {
    const searched = [...searchedFor(names, replacing.isPublished)];
    this.#known = new KnownNames(searched);
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

  /** Cuts runs that say a known name in another form, as they are or with what in them is replaced. */
  #withoutEncoded(text: string): string {
    let rewritten = '';
    let done = 0;
    for (const { start, end, decoded } of encodedRuns(text)) {
      if (start < done || !this.#saysName(decoded, 1)) continue;
      const run = text.slice(start, end);
      if (!this.#hidesName(this.#plain(run), 0)) continue;
      rewritten += this.#plain(text.slice(done, start)) + this.#replacing.encoded(run);
      done = end;
    }
    return rewritten + this.#plain(text.slice(done));
  }

  /** Whether a text says a known name, as it stands or in other forms. */
  #saysName(text: string, depth: number): boolean {
    return this.#holdsName(text) || (depth < MOST_DECODED && this.#hidesName(text, depth));
  }

  #hidesName(text: string, depth: number): boolean {
    for (const { decoded } of encodedRuns(text)) if (this.#saysName(decoded, depth + 1)) return true;
    return false;
  }

  #holdsName(text: string): boolean {
    for (let at = 0; at < text.length; at++) {
      const begins = isWordClass(classAt(text, at)) && isPartEnd(text, at);
      if (begins && this.#known.end(text, at) > at) return true;
    }
    return this.#long.first(text, 0) !== undefined;
  }

  #plain(text: string): string {
    return this.#withoutLongNames(this.#withoutSecrets(text));
  }

  /** One pass over the code units; a string is made only where something is replaced. */
  #withoutSecrets(text: string): string {
    let rewritten = '';
    let done = 0;
    for (let at = 0; at < text.length; ) {
      const end = this.#endOfHarmless(text, at);
      if (end === text.length) break;
      const replacement = this.#replacement(text, end);
      at = replacement?.end ?? endOfRun(text, end);
      if (replacement === undefined) continue;
      rewritten += text.slice(done, replacement.start) + replacement.instead;
      done = replacement.end;
    }
    return done === 0 ? text : rewritten + text.slice(done);
  }

  /** What is left of long names within longer words, once those that stand for themselves are replaced. */
  #withoutLongNames(text: string): string {
    let rewritten = '';
    let done = 0;
    for (let found = this.#long.first(text, 0); found !== undefined; found = this.#long.first(text, done)) {
      rewritten += text.slice(done, found.start) + this.#replacing.name(text.slice(found.start, found.end));
      done = found.end;
    }
    return done === 0 ? text : rewritten + text.slice(done);
  }

  /** Where the next run begins that may hold something, or a `::`; the text's length if none does. */
  #endOfHarmless(text: string, from: number): number {
    const known = this.#known;
    let at = from;
    while (at < text.length) {
      const start = at;
      let kind = CLASS[text.charCodeAt(at)] ?? SEPARATOR;
      if (kind === SEPARATOR) {
        if (isDoubleColon(text, at)) return at;
        at++;
        continue;
      }
      if (escapedEnd(text, start) > start) return start;
      let hash = NO_CHARACTERS;
      let before = kind;
      let hexadecimal = true;
      do {
        const unit = text.charCodeAt(at);
        if ((kind !== before || kind === UPPER) && at > start && isPartEnd(text, at)) {
          if (known.mayBegin(hash)) return start;
          hash = NO_CHARACTERS;
        }
        if (kind !== DIGIT && ((unit | 0x20) < 0x61 || (unit | 0x20) > 0x66)) hexadecimal = false;
        hash = hashed(hash, unit);
        before = kind;
        kind = classAt(text, ++at);
      } while (isWordClass(kind) && isWordClass(before));
      if (known.mayBegin(hash)) return start;
      const isFirstOfAddress = at - start === 2 && text.charCodeAt(at) === HYPHEN;
      if (hexadecimal ? mayBeIdOrAddress(text, start, at) : isFirstOfAddress) return start;
      if (mayBeginHost(text, start, at) && hostEnd(text, start) > start) return start;
    }
    return text.length;
  }

  /** What is to be replaced in the run of letters and digits that begins here, or behind an escape that it begins with. */
  #replacement(text: string, start: number): Replacement | undefined {
    const word = escapedEnd(text, start);
    return this.#inRun(text, start) ?? (word > start ? this.#inRun(text, word) : undefined);
  }

  #inRun(text: string, start: number): Replacement | undefined {
    const stop = endOfRun(text, start);
    const end = idEnd(text, start, stop);
    if (end > start) return this.#named(text, start, end);
    const host =
      mayBeginHost(text, start, stop) && escapedEnd(text, start) === start ? hostEnd(text, start) : start;
    const known = this.#known.end(text, start);
    if (host > start && host >= known) return this.#named(text, start, host);
    const address = this.#replacing.embedded.at(text, start);
    if (address !== undefined) return { start, ...address };
    for (let part = start; part < stop; part++) {
      if (part > start && !isPartEnd(text, part)) continue;
      const end = this.#known.end(text, part);
      if (end > part) return this.#named(text, part, end);
    }
    return undefined;
  }

  #named(text: string, start: number, end: number): Replacement {
    return { start, end, instead: this.#replacing.name(text.slice(start, end)) };
  }
}

/** Where an escape ends whose letters or digits begin here; the same offset where none does. */
export function escapedEnd(text: string, start: number): number {
  if (start === 0 || !BEFORE_ESCAPES.has(text.charCodeAt(start - 1))) return start;
  ESCAPED.lastIndex = start;
  return start + (ESCAPED.exec(text)?.[0].length ?? 0);
}

/** Whether a run of hexadecimal digits is as long as an id's or an address's first, and goes on as such. */
function mayBeIdOrAddress(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length === 16 || length === 32 || length === 64) return true;
  const next = text.charCodeAt(end);
  if (length === 8) return next === HYPHEN;
  return length <= 4 && JOINS_ADDRESSES.has(next);
}

/** Where an id ends that begins here; the same offset where none does. */
function idEnd(text: string, start: number, stop: number): number {
  if (stop - start !== 8) return isId(text.slice(start, stop)) ? stop : start;
  const end = start + UUID_LENGTH;
  return !isWordClass(classAt(text, end)) && isId(text.slice(start, end)) ? end : start;
}

/** Where a run of ASCII letters and digits ends; one character beyond ASCII is a run of its own. */
function endOfRun(text: string, start: number): number {
  let end = start;
  while (isWordClass(classAt(text, end))) end++;
  return Math.max(end, start + 1);
}

/** Whether `::` begins here that may begin an address. */
function isDoubleColon(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) === COLON && text.charCodeAt(at + 1) === COLON && !isWordClass(classAt(text, at - 1))
  );
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
