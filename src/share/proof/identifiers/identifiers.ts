import type { IdentifierKind } from '../leak.js';
import { Hash, HashSet } from '../search/hash_set.js';
import { Ids } from '../search/ids.js';
import { MIN_PATTERN, Patterns } from '../search/patterns.js';
import { formsOf, identifies, isAddress } from './addresses.js';

/** So short a secret, such as a password of four letters, is a word like any other. */
const MIN_SECRET = 6;
/** Lines of a secret of several lines that are looked for: those of a key's block. */
const SECRET_LINE = /^[^\s-].{11,}$/gm;

/** All that identifies in a tape, ready to be looked for. */
export class Identifiers {
  /** What is found in any text. */
  readonly patterns = new Patterns();
  readonly ids = new Ids();
  /** What stands for what, to say which was found; ids are too many for it. */
  readonly pseudonyms = new Map<string, string>();
  /** Whole values of columns and fields that hold names. */
  private readonly values = new HashSet();
  private readonly hash = new Hash();

  /** @param published whether a word may stay */
  constructor(private readonly published: (text: string) => boolean) {}

  get size(): number {
    return this.patterns.size + this.ids.size + this.values.size;
  }

  /** Adds a whole value of a column or field that holds names. */
  addValue(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > 1 && !this.ids.add(bytes, start, end))
      this.values.add(this.hash.bytes(bytes, start, end));
  }

  addValueText(text: string): void {
    const bytes = Buffer.from(text);
    this.addValue(bytes, 0, bytes.length);
  }

  /** Whether a whole value is one of the original's. */
  hasValue(bytes: Uint8Array, start: number, end: number): boolean {
    return this.values.has(this.hash.bytes(bytes, start, end));
  }

  /** Adds a name that is looked for in every text, unless it is short or says nothing. */
  addName(name: string, isCommon: (word: string) => boolean): void {
    this.addValueText(name);
    if (isAddress(name)) this.addAddress(name);
    else if (name.length >= MIN_PATTERN && !isCommon(name.toLowerCase()) && !this.maySay(name))
      this.patterns.add(name, 'name');
  }

  /** Adds an address in all the ways in which it is written. */
  addAddress(address: string): void {
    if (!identifies(address)) return;
    for (const form of formsOf(address)) this.patterns.add(address, 'address', form);
  }

  /** Adds what the redactor says that it found in texts. */
  addNoted(pseudonym: string, original: string, kind: IdentifierKind): void {
    if (kind !== 'id') this.pseudonyms.set(original, pseudonym);
    if (kind === 'id') this.ids.addAll(original);
    else if (kind === 'secret') this.addSecret(original);
    else if (kind === 'name') this.addValueText(original);
  }

  /** Whether a value may stand in a shared tape: published words, numbers, and what has no letter or digit. */
  maySay(text: string): boolean {
    if (!/[\p{L}\p{N}]/u.test(text) || /^[-+]?\d+(?:\.\d+)?$/.test(text) || this.published(text)) return true;
    const parts = text.match(/[\p{L}\p{N}]+/gu) ?? [];
    return parts.every((part) => /^\d{1,3}$/.test(part) || this.published(part));
  }

  private addSecret(secret: string): void {
    const lines = secret.includes('\n') ? (secret.match(SECRET_LINE) ?? []) : [secret];
    for (const line of lines)
      if (line.length >= MIN_SECRET && !this.maySay(line)) this.patterns.add(line, 'secret');
  }
}
