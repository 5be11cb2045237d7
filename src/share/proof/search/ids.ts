import { HEX_VALUE } from './bytes.js';
import { Hash, HashSet, type SharedSet } from './hash_set.js';

/** Digits that make an id: container ids, trace ids and uids without dashes, span ids. */
const LENGTHS = [64, 32, 16];
/** The last group of a UUID, and the whole with what stands between the groups. */
const LAST_GROUP = 12;
const UUID_LENGTH = 36;
/** Where these stand. */
const DASHES = [8, 13, 18, 23];

/** Told where an id is. */
export type IdFound = (start: number, end: number) => void;

/** The ids of a tape by their digits alone: there may be tens of millions. UUIDs are found however they are grouped. */
export class Ids {
  private readonly set: HashSet;
  private readonly hash = new Hash();

  /** @param shared ids that are among these too */
  constructor(shared: readonly SharedSet[] = []) {
    this.set = new HashSet(shared);
  }

  /** How many were added. */
  get size(): number {
    return this.set.size;
  }

  /** Hands over what was added to be read by other threads. */
  handOver(): SharedSet {
    return this.set.handOver();
  }

  /** Adds the id that a text is; returns whether it is one. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.isId(bytes, start, end)) return false;
    this.addHashed(bytes, start, end);
    return true;
  }

  /** Adds every id within a text. */
  addAll(text: string): void {
    const bytes = Buffer.from(text);
    this.each(bytes, 0, bytes.length, (from, to) => this.addHashed(bytes, from, to));
  }

  /** Whether a text as a whole has the shape of an id, and then its digits are hashed for `hasLast`. */
  isId(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length === 16 || length === 32 || length === 64) return this.hashDigits(bytes, start, end) === length;
    return length === UUID_LENGTH && isUuid(bytes, start, end) && this.hashDigits(bytes, start, end) > 0;
  }

  /** Whether the id that `isId` was asked about last is one of these. */
  hasLast(): boolean {
    return this.set.has(this.hash);
  }

  /** Finds the ids within a text. */
  search(bytes: Uint8Array, start: number, end: number, found: IdFound): void {
    this.each(bytes, start, end, (from, to) => {
      if (this.hasLast()) found(from, to);
    });
  }

  /** Visits everything that has the shape of an id, its digits hashed. */
  private each(bytes: Uint8Array, start: number, end: number, visit: IdFound): void {
    if (end - start < 16) return;
    let run = 0;
    for (let i = start; i <= end; i++) {
      if (i < end && (HEX_VALUE[bytes[i] ?? 0] ?? 16) < 16) run++;
      else {
        if (run >= LAST_GROUP) this.visitRun(bytes, start, i, run, visit);
        run = 0;
      }
    }
  }

  /** A run of digits that is too long is an id after something that looks like digits, as in `pod0123…`. */
  private visitRun(bytes: Uint8Array, start: number, end: number, run: number, visit: IdFound): void {
    const isGroup = run === LAST_GROUP;
    const length = isGroup ? UUID_LENGTH : LENGTHS.find((digits) => digits <= run);
    if (length === undefined || end - length < start) return;
    const from = end - length;
    if (isGroup && !isUuid(bytes, from, end)) return;
    this.hashDigits(bytes, from, end);
    visit(from, end);
  }

  /** Hashes the digits, eight at a time, and passes over what is none; returns how many there are. */
  private hashDigits(bytes: Uint8Array, start: number, end: number): number {
    const { hash } = this;
    hash.start();
    let word = 0;
    let digits = 0;
    for (let i = start; i < end; i++) {
      const digit = HEX_VALUE[bytes[i] ?? 0] ?? 16;
      if (digit === 16) continue;
      word = (word << 4) | digit;
      if ((++digits & 7) === 0) hash.word(word);
    }
    hash.end();
    return digits;
  }

  /** Ids of zeros mean that there is none. */
  private addHashed(bytes: Uint8Array, start: number, end: number): void {
    if (bytes[start] === ZERO && isZero(bytes, start, end)) return;
    this.set.add(this.hash);
  }
}

const ZERO = 48;
const DASH = 45;
const UNDERSCORE = 95;

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((HEX_VALUE[bytes[i] ?? 0] ?? 16) % 16 !== 0) return false;
  return true;
}

function isUuid(bytes: Uint8Array, start: number, end: number): boolean {
  for (const at of DASHES) {
    const byte = bytes[start + at];
    if (byte !== DASH && byte !== UNDERSCORE) return false;
  }
  let digits = 0;
  for (let i = start; i < end; i++) if ((HEX_VALUE[bytes[i] ?? 0] ?? 16) < 16) digits++;
  return digits === end - start - DASHES.length;
}
