import { type Addresses, canonical } from './addresses/addresses.js';
import { EmbeddedAddresses } from './addresses/embedded.js';
import { escapedEnd } from './words/text.js';

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
const ID =
  /(?:[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})(?![0-9A-Za-z])/iy;
/** In paths of cgroups it stands right before an id. */
const POD = 'pod';

const BUFFERED = 1 << 16;

/** A part of a text that may stand for another. */
interface Found {
  readonly start: number;
  readonly end: number;
  /** What it is to be looked up as, first as it stands. */
  readonly words: readonly string[];
  /** What it is if nobody knows these: an address that stays is not looked through for shorter ones. */
  readonly otherwise?: string;
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
  for (const { start, end, words, otherwise } of found) {
    if (start < done) continue;
    const word = words.find((word) => known.has(word));
    const original = word === undefined ? otherwise : known.get(word);
    if (original === undefined) continue;
    const isOfCgroup = word?.includes('-') && text.slice(start, end).includes('_');
    part += text.slice(done, start) + (isOfCgroup ? original.replaceAll('-', '_') : original);
    done = end;
    if (part.length < BUFFERED) continue;
    yield part;
    part = '';
  }
  yield part + text.slice(done);
}

function* foundIn(text: string, embedded: EmbeddedAddresses): Generator<Found> {
  for (const { index, 0: run } of text.matchAll(RUN)) {
    const afterPod = run.startsWith(POD) ? index + POD.length : index;
    for (const start of new Set([index, escapedEnd(text, index), afterPod])) {
      const id = idAt(text, start);
      if (id !== undefined) yield id;
      const address = start === afterPod && start !== index ? undefined : addressAt(text, start, embedded);
      if (address !== undefined) yield address;
    }
    for (const { index: at, 1: word = '' } of run.matchAll(WORD)) {
      const start = index + at;
      yield { start, end: start + word.length, words: [word.toLowerCase()] };
    }
  }
}

function idAt(text: string, start: number): Found | undefined {
  ID.lastIndex = start;
  const id = ID.exec(text)?.[0];
  if (id === undefined) return undefined;
  return { start, end: start + id.length, words: [id, id.toLowerCase().replaceAll('_', '-')] };
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
