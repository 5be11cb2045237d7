import { walkObject } from './identifiers/objects.js';
import { isName } from './identifiers/values.js';
import type { IdentifierKind, Where } from './leak.js';
import type { Texts } from './parquet/texts.js';
import { Hash } from './search/hash.js';
import { HashSet, type SharedSet } from './search/hash_set.js';
import { Hashes } from './search/hashes.js';
import { hiddenForms } from './search/hidden_forms.js';
import { Ids } from './search/ids.js';
import { type Pattern, Patterns, type PatternText } from './search/patterns.js';
import type { SpilledHashes } from './search/spilled_hashes.js';

/** What is looked for. */
export interface Wanted {
  /** What is found in any text. */
  readonly patterns: readonly PatternText[];
  /** Whole values of columns and fields that hold names. */
  readonly values: SharedSet;
  /** Ids; until these are known all that are met are handed over, to be compared. */
  readonly ids?: SharedSet;
}

/** Something of the original that was found, and where. */
export interface Find {
  readonly where: Where;
  readonly kind: IdentifierKind;
  readonly original: string;
  /** It is no leak if one of these may stand in a shared tape. */
  readonly unless: readonly string[];
}

/** What the texts of a column are. */
interface Meaning {
  readonly areNames: boolean;
  readonly areObjects: boolean;
}

/** The text that is being searched: one object for all, since there are tens of millions. */
interface Searched {
  bytes: Uint8Array;
  start: number;
  end: number;
  where: Where;
}

/** How deep forms are undone within each other: base64 of a URL-encoded text is two. */
const MAX_DEPTH = 2;

/** Looks for identifiers in texts. */
export class TextSearch {
  /** Bytes of text that were searched. */
  bytes = 0;
  private readonly patterns: Patterns;
  private readonly values: HashSet;
  private readonly ids: HashSet | undefined;
  private readonly shapes = new Ids();
  private readonly hash = new Hash();
  /** Of the values of a page. */
  private readonly hashes = new Hashes();
  private readonly finds: Find[] = [];
  /** What was told of a page already. */
  private readonly told = new Set<string>();
  private toldAt: Where | undefined;
  private readonly searched: Searched = {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    where: { file: '', place: 'file' },
  };

  /** @param metIds where hashes of ids are put while it is not known which ones are looked for */
  constructor(
    { patterns, values, ids }: Wanted,
    private readonly metIds: SpilledHashes,
  ) {
    this.patterns = new Patterns(patterns);
    this.values = new HashSet(values);
    if (ids !== undefined) this.ids = new HashSet(ids);
  }

  /** What was found since this was asked last: once for a place. */
  takeFinds(): readonly Find[] {
    return this.finds.splice(0);
  }

  /** Looks for identifiers in the texts of a page, each of which is a value of a column. */
  page(texts: Texts, where: Where, { areNames, areObjects }: Meaning): void {
    const { bytes, starts, ends, count } = texts;
    const { shapes, hash, hashes } = this;
    hashes.clear();
    for (let i = 0; i < count; i++) {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? 0;
      if (shapes.isId(bytes, start, end)) {
        this.bytes += end - start;
        if (this.isWantedId()) this.tell(decoded(bytes, start, end), 'id', where);
        continue;
      }
      this.text(bytes, start, end, where);
      if (areNames && isName(bytes, start, end)) hashes.push(hash.bytes(bytes, start, end), i);
      if (areObjects) this.object(bytes.toString('utf8', start, end), where);
    }
    this.values.each(hashes, (i) => this.tellValue(decoded(bytes, starts[i] ?? 0, ends[i] ?? 0), where));
  }

  /** Looks for identifiers anywhere in a text, and in what it says in other forms. */
  text(bytes: Uint8Array, start: number, end: number, where: Where, depth = 0): void {
    this.bytes += end - start;
    const { searched } = this;
    searched.bytes = bytes;
    searched.start = start;
    searched.end = end;
    searched.where = where;
    const traits = this.patterns.search(bytes, start, end, this.foundPattern);
    this.shapes.each(bytes, start, end, this.metId);
    if (depth === MAX_DEPTH) return;
    for (const form of hiddenForms(bytes, start, end, traits)) this.string(form, where, depth + 1);
  }

  string(text: string, where: Where, depth = 0): void {
    const bytes = Buffer.from(text);
    this.text(bytes, 0, bytes.length, where, depth);
  }

  /** Whether the id that was met last is looked for. */
  private isWantedId(): boolean {
    if (this.ids !== undefined) return this.ids.has(this.shapes.hash);
    this.metIds.push(this.shapes.hash);
    return false;
  }

  private readonly foundPattern = ({ original, kind }: Pattern, from: number, to: number): void => {
    const { searched } = this;
    const longer = longerWord(searched, from, to);
    if (kind === 'name' && longer === undefined && isClause(searched, from)) return;
    // In capitals, or without them, a name may be words that say nothing: `ORDER_EVENTS_TOPIC` of `order-events`.
    const itself = kind === 'name' ? [decoded(searched.bytes, from, to)] : [];
    this.tell(original, kind, searched.where, longer === undefined ? itself : [...itself, longer]);
  };

  private readonly metId = (from: number, to: number): void => {
    if (this.isWantedId()) this.tell(decoded(this.searched.bytes, from, to), 'id', this.searched.where);
  };

  private tellValue(text: string, where: Where): void {
    this.tell(text, 'name', where, [text]);
  }

  private object(json: string, where: Where): void {
    walkObject(json, (text, what) => {
      if (what === 'other') return;
      const bytes = Buffer.from(text);
      if (!isName(bytes, 0, bytes.length)) return;
      if (this.values.has(this.hash.bytes(bytes, 0, bytes.length))) this.tellValue(text, where);
    });
  }

  /** Tells of a find: of a page every secret, of other kinds the first, and of those that may stand there the first. */
  private tell(original: string, kind: IdentifierKind, where: Where, unless: readonly string[] = []): void {
    if (where !== this.toldAt) {
      this.toldAt = where;
      this.told.clear();
    }
    const what = [kind, kind === 'secret' ? original : '', ...unless].join(' ');
    if (this.told.has(what)) return;
    this.told.add(what);
    this.finds.push({ where, kind, original, unless });
  }
}

/** The bytes around what was found as far as a word goes, as `error.type` around `error`; undefined if it is the whole. */
function longerWord({ bytes, start, end }: Searched, first: number, last: number): string | undefined {
  let from = first;
  let to = last;
  while (from > start && IS_OF_WORD[bytes[from - 1] ?? 0]) from--;
  while (to < end && IS_OF_WORD[bytes[to] ?? 0]) to++;
  return to - from > last - first ? decoded(bytes, from, to) : undefined;
}

/** Words before `BY` of which clauses of SQL begin, whatever things are called. */
const CLAUSE = /^(?:cluster|distribute|group|order|partition|sort)\s+by\b/i;
/** Bytes of such a word, of as much white space as there is mostly, and of `BY`. */
const CLAUSE_BYTES = 20;

/** Whether a clause of SQL begins with what was found, as with `order` in `ORDER BY`. */
function isClause({ bytes, end }: Searched, first: number): boolean {
  return CLAUSE.test(decoded(bytes, first, Math.min(end, first + CLAUSE_BYTES)));
}

/** Bytes of words as conventions write them: letters, digits, `.`, `_`, `/` and `-`. */
const IS_OF_WORD = Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9._/-]/.test(String.fromCharCode(byte)),
);

function decoded(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}
