import { type Addresses, canonical } from './addresses/addresses.js';
import { EmbeddedAddresses } from './addresses/embedded.js';
import { classAt, isWordClass } from './words/characters.js';
import { escapedEnd } from './words/escapes.js';
import { dashed, firstId } from './words/id_places.js';

/** What says what the words, ids and addresses of a shared tape stand for. */
export interface Unmasking {
  /** Looks these up; those that it does not know are missing from the answer. */
  originals(words: ReadonlySet<string>): ReadonlyMap<string, string>;
  /** The way back for addresses that are not to be looked up. */
  readonly addresses: Addresses;
}

/** Where a run of letters and digits begins, or an address without any before its colons. */
const RUN = /[0-9A-Za-z]+|(?<![0-9A-Za-z:])::/g;
/** Every word that a share may have minted, also within longer ones: `bakoludemifasuroService`. */
const WORD = /(?=((?:[bcdfghjklmnpqrstvwxz][aeiou]){8}))/gi;
/** As long as the names that words are cut for, of ports and labels, and a hyphen, in which none may end. */
const CUT = /[0-9A-Za-z][-_.0-9A-Za-z]{0,63}/y;
/** Ends of its runs, and the hyphen. */
const ENDS = /(?<=[0-9A-Za-z])(?![0-9A-Za-z])(?:-(?![0-9A-Za-z]))?/g;
/** So many ends are tried, the last ones: behind such a name there is little that looks like more of it. */
const MOST_ENDS = 8;
/** Of several parts, with a letter that no address or id has; or a word that was cut. */
const CUT_NAME = /^(?=.*[g-z])(?:.*[-_.]|(?:[bcdfghjklmnpqrstvwxz][aeiou])*[bcdfghjklmnpqrstvwxz]?$)/i;
/** As Hubble writes a block of IPv6 addresses. */
const BLOCK = /cidr:[0-9a-f-]+(?:\/\d{1,3})?/y;
/** A whole number, with more digits than most have; behind a double's is `.0`, which some programs leave out. */
const NUMBER = /(?<!\d\.)(\d{8,})(?:\.0(?![0-9A-Za-z])|(?![0-9A-Za-z]|\.\d))/y;

const BUFFERED = 1 << 16;

/** A part of a text that may stand for another. */
interface Found {
  readonly start: number;
  readonly end: number;
  /** What it is to be looked up as, first as it stands. */
  readonly words: readonly string[];
  /** What it is if nobody knows these: an address that stays is not looked through for shorter ones. */
  readonly otherwise?: string;
  /** Whether it has underscores for the dashes that what it is looked up as has. */
  readonly isUnderscored?: boolean;
}

/** The text with every word, id and address of a shared tape in it turned back into what it stands for. */
export function unmasked(text: string, unmasking: Unmasking): string {
  return [...unmaskedParts(text, unmasking)].join('');
}

/** As `unmasked`, in parts: a map can make more of a text than a string can hold. */
export function* unmaskedParts(text: string, { originals, addresses }: Unmasking): Generator<string> {
  const found = [...foundIn(text, new EmbeddedAddresses(addresses, () => {}))];
  const known = originals(new Set(found.flatMap(({ words }) => words)));
  let part = '';
  let done = 0;
  for (const { start, end, words, otherwise, isUnderscored } of found) {
    if (start < done) continue;
    const word = words.find((word) => known.has(word));
    const original = word === undefined ? otherwise : known.get(word);
    if (original === undefined) continue;
    part += text.slice(done, start) + (isUnderscored ? original.replaceAll('-', '_') : original);
    done = end;
    if (part.length < BUFFERED) continue;
    yield part;
    part = '';
  }
  yield part + text.slice(done);
}

function* foundIn(text: string, embedded: EmbeddedAddresses): Generator<Found> {
  for (const { index, 0: run } of text.matchAll(RUN)) {
    const word = escapedEnd(text, index);
    for (const start of new Set([index, word])) yield* cutAt(text, start);
    const number = numberAt(text, index);
    if (number !== undefined) yield number;
    for (const start of new Set([index, word])) {
      const address = addressAt(text, start, embedded);
      if (address !== undefined) yield address;
    }
    const stop = index + run.length;
    const within = [...idsIn(text, index, stop), ...idsIn(text, word, stop), ...wordsIn(run, index)];
    yield* within.sort((a, b) => a.start - b.start);
  }
}

function* wordsIn(run: string, index: number): Generator<Found> {
  for (const { index: at, 1: word = '' } of run.matchAll(WORD)) {
    const start = index + at;
    yield { start, end: start + word.length, words: [word.toLowerCase()] };
  }
}

/** Ids in a run of letters and digits. */
function* idsIn(text: string, from: number, stop: number): Generator<Found> {
  for (let place = firstId(text, from, stop); place !== undefined; place = firstId(text, place.end, stop)) {
    const id = text.slice(place.start, place.end);
    yield { ...place, words: [id, dashed(id.toLowerCase())], isUnderscored: id.includes('_') };
  }
}

/** What may be a name that was cut to a length, the longest first. */
function* cutAt(text: string, start: number): Generator<Found> {
  BLOCK.lastIndex = start;
  const block = BLOCK.exec(text)?.[0];
  if (block !== undefined) yield { start, end: start + block.length, words: [block] };
  CUT.lastIndex = start;
  const longest = CUT.exec(text)?.[0] ?? '';
  const isWhole = !isWordClass(classAt(text, start + longest.length));
  const ends = [...longest.matchAll(ENDS)].flatMap(({ index, 0: hyphen }) => [index, index + hyphen.length]);
  for (const end of new Set(ends.slice(-MOST_ENDS).toReversed())) {
    const name = longest.slice(0, end);
    if ((end === longest.length && !isWhole) || !CUT_NAME.test(name)) continue;
    yield { start, end: start + end, words: [name, name.toLowerCase()] };
  }
}

function numberAt(text: string, start: number): Found | undefined {
  NUMBER.lastIndex = start;
  const [number, digits = ''] = NUMBER.exec(text) ?? [];
  if (number === undefined) return undefined;
  return {
    start,
    end: start + number.length,
    words: number === digits ? [digits, `${digits}.0`] : [number, digits],
  };
}

function addressAt(text: string, start: number, embedded: EmbeddedAddresses): Found | undefined {
  const { end, instead } = embedded.at(text, start) ?? {};
  if (end === undefined || instead === undefined) return undefined;
  const address = text.slice(start, end);
  const isSame = instead === address || instead === canonical(address);
  return isSame
    ? { start, end, words: [address, instead, address.toLowerCase()], otherwise: address }
    : { start, end, words: [address], otherwise: instead };
}
