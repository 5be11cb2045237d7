import { HEX_PAIR, HEX_VALUE, NO_PAIR } from './bytes.js';
import { Hash } from './hash.js';

/** Digits that make an id: container ids, trace ids and uids without dashes, span ids. */
const LENGTHS = [64, 32, 16];
/** The last group of a UUID, and the whole with what stands between the groups. */
const LAST_GROUP = 12;
const UUID_LENGTH = 36;
/** Where these stand. */
const DASHES = [8, 13, 18, 23];

/** Told where an id is, and whether more digits are next to it: then it may be a part of a digest. */
export type IdFound = (start: number, end: number, isPart: boolean) => void;

/** Tells ids by their shape; they are the same if their digits are, however UUIDs are grouped. */
export class Ids {
  /** Of the digits of the last id that was seen. */
  readonly hash = new Hash();
  /** Whether all of these were zero: there is no id then. */
  isZero = false;
  /** The digits of a UUID without what stands between them. */
  private readonly uuid = new Uint8Array(32);
  /** The bytes that were looked at last, and what reads four of them at once. */
  private of: Uint8Array = new Uint8Array();
  private view: DataView = new DataView(this.of.buffer);

  /** Whether a text as a whole has the shape of an id. */
  isId(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length === 16 || length === 32 || length === 64) return this.areDigits(bytes, start, end);
    return length === UUID_LENGTH && this.isUuid(bytes, start, end);
  }

  /** Visits everything within a text that has the shape of an id. */
  each(bytes: Uint8Array, start: number, end: number, visit: IdFound): void {
    // A run of so many digits covers one of the places that are so far apart.
    for (let at = start + LAST_GROUP - 1; at < end; at += LAST_GROUP) {
      if (!isDigit(bytes, at)) continue;
      let from = at;
      while (from > start && isDigit(bytes, from - 1)) from--;
      while (at < end && isDigit(bytes, at)) at++;
      if (at - from >= LAST_GROUP) this.visitRun(bytes, start, from, at, visit);
    }
  }

  /** Letters around an id may look like digits of it: in a run that is too long the first may be an id, and the last. */
  private visitRun(bytes: Uint8Array, start: number, from: number, end: number, visit: IdFound): void {
    const uuidEnd = from + LAST_GROUP;
    const uuid = uuidEnd - UUID_LENGTH;
    if (uuid >= start && this.isUuid(bytes, uuid, uuidEnd)) visit(uuid, uuidEnd, false);
    const length = LENGTHS.find((digits) => digits <= end - from);
    if (length === undefined) return;
    const isPart = length < end - from;
    if (this.areDigits(bytes, from, from + length)) visit(from, from + length, isPart);
    if (isPart && this.areDigits(bytes, end - length, end)) visit(end - length, end, isPart);
  }

  /** Whether there are digits only, by eights, which are hashed. */
  private areDigits(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.of !== bytes) {
      this.of = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const { hash, view } = this;
    hash.start();
    let all = 0;
    for (let at = start; at < end; at += 8) {
      const first = view.getInt32(at, true);
      const second = view.getInt32(at + 4, true);
      const a = HEX_PAIR[first & 0xffff] ?? 0;
      const b = HEX_PAIR[first >>> 16] ?? 0;
      const c = HEX_PAIR[second & 0xffff] ?? 0;
      const d = HEX_PAIR[second >>> 16] ?? 0;
      if ((a | b | c | d) >= NO_PAIR) return false;
      const word = (a << 24) | (b << 16) | (c << 8) | d;
      all |= word;
      hash.word(word);
    }
    hash.end();
    this.isZero = all === 0;
    return true;
  }

  private isUuid(bytes: Uint8Array, start: number, end: number): boolean {
    for (const at of DASHES) {
      const byte = bytes[start + at];
      if (byte !== DASH && byte !== UNDERSCORE) return false;
    }
    const { uuid } = this;
    let digits = 0;
    for (let i = start; i < end; i++) if (isDigit(bytes, i)) uuid[digits++] = bytes[i] ?? 0;
    return digits === uuid.length && this.areDigits(uuid, 0, digits);
  }
}

const DASH = 45;
const UNDERSCORE = 95;

function isDigit(bytes: Uint8Array, at: number): boolean {
  return (HEX_VALUE[bytes[at] ?? 0] ?? 16) < 16;
}
