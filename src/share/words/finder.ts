import type { EmbeddedAddresses } from '../addresses/embedded.js';
import {
  CLASS,
  classAt,
  isHexadecimal,
  isPartEnd,
  isPartEndBetween,
  isWordClass,
  SEPARATOR,
  UPPER,
} from './characters.js';
import { escapedEnd } from './escapes.js';
import { hashed, NO_CHARACTERS } from './hash_filter.js';
import { hostEnd, mayBeginHost } from './host_names.js';
import { firstId, type Place } from './id_places.js';
import type { KnownNames } from './known_names.js';

/** What stands behind the first digits of an address, however it is written. */
const JOINS_ADDRESSES = new Set(['.', '-', ':', '_', '['].map((character) => character.charCodeAt(0)));
/** Digits of an address before the first of these, at most. */
const FIRST_OF_ADDRESS = 4;
/** Characters of `ip`. */
const IP = 2;
const COLON = 0x3a;

/** Something in a text that is to be replaced: a name, host or id, or an address. */
export interface Found extends Place {
  /** What stands for it, where that is known: of addresses. */
  readonly instead?: string;
  /** Whether it is a known name. */
  readonly isKnown?: true;
}

/**
 * Finds in a text ids, addresses and hosts by their shape, and known names wherever they are whole words or whole parts of
 * `camelCase` and `snake_case`, without regard to case.
 */
export class Finder {
  constructor(
    private readonly known: KnownNames,
    private readonly embedded: EmbeddedAddresses,
  ) {}

  /** Tells of all that is in a text, in order. One pass over the code units; no string is made where there is nothing. */
  each(text: string, tell: (found: Found) => void): void {
    let stop = 0;
    let id: Place | undefined;
    for (let at = 0; ; ) {
      if (id !== undefined && id.start < at) id = idFrom(text, at, stop);
      // A run is read to its end once, however much is found in it: with an id in the rest, that is not harmless.
      const start = id === undefined ? this.endOfHarmless(text, at) : at;
      if (start === text.length) return;
      if (start >= stop) {
        stop = endOfRun(text, start);
        id = idFrom(text, start, stop);
      }
      const found = this.foundAt(text, start, stop, id);
      if (found !== undefined) tell(found);
      at = found?.end ?? stop;
    }
  }

  /** Where the next run begins that may hold something, or a `::`; the text's length if none does. */
  private endOfHarmless(text: string, from: number): number {
    for (let at = from; at < text.length; ) {
      if (CLASS[text.charCodeAt(at)] === SEPARATOR) {
        if (isDoubleColon(text, at)) return at;
        at++;
        continue;
      }
      const end = this.endOfNameless(text, at);
      if (end === at || escapedEnd(text, at) > at || firstId(text, at, end) !== undefined) return at;
      if (mayBeginAddress(text, at, end)) return at;
      if (mayBeginHost(text, at, end) && hostEnd(text, at) > at) return at;
      at = end;
    }
    return text.length;
  }

  /** Where the run ends that begins here, if no known name may begin in it; else the same offset. */
  private endOfNameless(text: string, start: number): number {
    const { known } = this;
    let at = start;
    let hash = NO_CHARACTERS;
    let kind = CLASS[text.charCodeAt(at)] ?? SEPARATOR;
    let before = kind;
    do {
      const unit = text.charCodeAt(at);
      if ((kind !== before || kind === UPPER) && at > start && isPartEndBetween(before, kind, text, at)) {
        if (known.mayBeginBefore(hash, unit)) return start;
        hash = NO_CHARACTERS;
      }
      hash = hashed(hash, unit);
      before = kind;
      kind = classAt(text, ++at);
    } while (isWordClass(kind) && isWordClass(before));
    const mayBegin = isWordClass(before) ? known.mayBeginWithWord(hash, text, at) : known.mayBegin(hash);
    return mayBegin ? start : at;
  }

  /**
   * What is in a run of letters and digits, or behind an escape that it begins with.
   *
   * @param start of the run, or where the rest of it begins
   * @param id the first one from there on
   */
  private foundAt(text: string, start: number, stop: number, id: Place | undefined): Found | undefined {
    const found = this.foundInRun(text, start, stop, id);
    if (found !== undefined) return found;
    const word = escapedEnd(text, start);
    if (word === start) return undefined;
    const end = endOfRun(text, word);
    return this.foundInRun(text, word, end, firstId(text, word, end));
  }

  private foundInRun(text: string, start: number, stop: number, id: Place | undefined): Found | undefined {
    if (id?.start === start) return id;
    const host =
      mayBeginHost(text, start, stop) && escapedEnd(text, start) === start ? hostEnd(text, start) : start;
    const name = this.known.end(text, start);
    if (host > start && host >= name) return { start, end: host };
    const address = mayBeginAddress(text, start, stop) ? this.embedded.at(text, start) : undefined;
    if (address !== undefined && address.end >= name) return { start, ...address };
    if (name > start) return { start, end: name, isKnown: true };
    for (let part = start + 1; part < (id?.start ?? stop); part++) {
      if (!isPartEnd(text, part)) continue;
      const end = this.known.end(text, part);
      if (end > part) return { start: part, end, isKnown: true };
    }
    return id;
  }
}

/** The first id in a run or the rest of one; of an escape that it begins with, the last characters are no part of an id. */
function idFrom(text: string, start: number, stop: number): Place | undefined {
  const id = firstId(text, start, stop);
  if (id === undefined) return undefined;
  const word = escapedEnd(text, start);
  const isWhole = id.start === start && !isHexadecimal(text, id.end, id.end + 1);
  return isWhole || id.start >= word ? id : firstId(text, word, stop);
}

/** Whether a run may be the first digits of an address, or `ip` before one. */
function mayBeginAddress(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length > FIRST_OF_ADDRESS || !JOINS_ADDRESSES.has(text.charCodeAt(end))) return false;
  return length === IP || text.charCodeAt(start) === COLON || isHexadecimal(text, start, end);
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
