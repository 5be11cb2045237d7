import type { IdentifierKind } from '../leak.js';
import type { HashSet } from '../search/hash_set.js';
import type { PatternText } from '../search/patterns.js';
import type { SpilledHashes } from '../search/spilled_hashes.js';
import { maySay } from './may_say.js';
import { Values } from './values.js';

/** What the redactor put in the place of what: pseudonym, original, kind. */
export type NotedPair = readonly [pseudonym: string, original: string, kind: IdentifierKind];

/** So short a secret, such as a password of four letters, is a word like any other. */
const MIN_SECRET = 6;
/** Lines of a secret of several lines that are looked for: those of a key's block. */
const SECRET_LINE = /^[^\s-].{11,}$/gm;

/** So many are read together: there may be millions. */
const AT_ONCE = 5000;

/** What the redactor told that it replaced, read some at a time. */
export class Replaced {
  readonly addresses = new Set<string>();
  /** Addresses that stand for others now. */
  readonly taken = new Set<string>();
  readonly secrets: PatternText[] = [];
  private readonly pairs: Iterator<NotedPair>;
  private readonly values: Values;

  /**
   * @param names where hashes of names are put: they are looked for as whole values
   * @param ids where hashes of ids are put
   */
  constructor(
    pairs: Iterable<NotedPair>,
    private readonly names: HashSet,
    ids: SpilledHashes,
    private readonly published: (text: string) => boolean,
  ) {
    this.pairs = pairs[Symbol.iterator]();
    this.values = new Values(ids);
  }

  /** Reads some; returns whether there may be more. */
  readSome(): boolean {
    let read = 0;
    for (; read < AT_ONCE; read++) {
      const { done, value } = this.pairs.next();
      if (done) break;
      this.add(value);
    }
    this.names.addAll(this.values.names.take());
    return read === AT_ONCE;
  }

  /** Reads no more. */
  close(): void {
    this.pairs.return?.();
  }

  private add([pseudonym, original, kind]: NotedPair): void {
    if (kind === 'id') this.values.addIdsIn(original);
    else if (kind === 'name') this.values.addText(original);
    else if (kind === 'secret') this.secrets.push(...secretPatterns(original, this.published));
    else {
      this.addresses.add(original);
      if (pseudonym !== original) this.taken.add(pseudonym);
    }
  }
}

function secretPatterns(secret: string, published: (text: string) => boolean): PatternText[] {
  const lines = secret.includes('\n') ? (secret.match(SECRET_LINE) ?? []) : [secret];
  return lines
    .filter((line) => line.length >= MIN_SECRET && !maySay(line, published))
    .map((line) => [line, 'secret', line]);
}
