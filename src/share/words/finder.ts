import type { EmbeddedAddresses } from '../addresses/embedded.js';
import { CLASS, classAt, isHexadecimal, isPartEnd, isWordClass, SEPARATOR, UPPER } from './characters.js';
import { escapedEnd } from './escapes.js';
import { hostEnd, mayBeginHost } from './host_names.js';
import { idEnd, idStart, mayHoldId } from './id_places.js';
import { hashed, type KnownNames, NO_CHARACTERS } from './known_names.js';

/** What stands behind the first digits of an address, however it is written. */
const JOINS_ADDRESSES = new Set(['.', '-', ':', '_', '['].map((character) => character.charCodeAt(0)));
/** Digits of an address before the first of these, at most. */
const FIRST_OF_ADDRESS = 4;
const COLON = 0x3a;

/** Something in a text that is to be replaced: a name, host or id, or an address. */
export interface Found {
  readonly start: number;
  readonly end: number;
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

  /** The next thing from an offset on. One pass over the code units; no string is made where there is nothing. */
  next(text: string, from: number): Found | undefined {
    for (let at = from; ; ) {
      const start = this.endOfHarmless(text, at);
      if (start === text.length) return undefined;
      const found = this.foundAt(text, start);
      if (found !== undefined) return found;
      at = endOfRun(text, start);
    }
  }

  /** Where the next run begins that may hold something, or a `::`; the text's length if none does. */
  private endOfHarmless(text: string, from: number): number {
    const { known } = this;
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
      /** Hexadecimal ones that were seen last. */
      let digits = 0;
      do {
        const unit = text.charCodeAt(at);
        if ((kind !== before || kind === UPPER) && at > start && isPartEnd(text, at)) {
          if (known.mayBegin(hash)) return start;
          hash = NO_CHARACTERS;
        }
        digits = isHexadecimal(unit) ? digits + 1 : 0;
        hash = hashed(hash, unit);
        before = kind;
        kind = classAt(text, ++at);
      } while (isWordClass(kind) && isWordClass(before));
      if (isWordClass(before) ? known.mayBeginWithWord(hash, text, at) : known.mayBegin(hash)) return start;
      if (mayHoldId(text, start, at, digits)) return start;
      const isDigitsOrIp = digits === at - start || at - start === 2;
      if (isDigitsOrIp && mayBeginAddress(text, start, at)) return start;
      if (mayBeginHost(text, start, at) && hostEnd(text, start) > start) return start;
    }
    return text.length;
  }

  /** What is in the run of letters and digits that begins here, or behind an escape that it begins with. */
  private foundAt(text: string, start: number): Found | undefined {
    const word = escapedEnd(text, start);
    return this.foundInRun(text, start) ?? (word > start ? this.foundInRun(text, word) : undefined);
  }

  private foundInRun(text: string, start: number): Found | undefined {
    const stop = endOfRun(text, start);
    const id = idEnd(text, start, stop);
    if (id > start) return { start, end: id };
    const host =
      mayBeginHost(text, start, stop) && escapedEnd(text, start) === start ? hostEnd(text, start) : start;
    const name = this.known.end(text, start);
    if (host > start && host >= name) return { start, end: host };
    const address = mayBeginAddress(text, start, stop) ? this.embedded.at(text, start) : undefined;
    if (address !== undefined) return { start, ...address };
    if (name > start) return { start, end: name, isKnown: true };
    const within = idStart(text, start);
    const end = idEnd(text, within, stop);
    if (end > within) return { start: within, end };
    for (let part = start + 1; part < stop; part++) {
      if (!isPartEnd(text, part)) continue;
      const end = this.known.end(text, part);
      if (end > part) return { start: part, end, isKnown: true };
    }
    return undefined;
  }
}

/** Whether a run may be the first digits of an address, or `ip` before one, by its length and what stands behind. */
function mayBeginAddress(text: string, start: number, end: number): boolean {
  return end - start <= FIRST_OF_ADDRESS && JOINS_ADDRESSES.has(text.charCodeAt(end));
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
