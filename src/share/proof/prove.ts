import { gather } from './identifiers/gather.js';
import type { IdentifierKind, Leak } from './leak.js';
import { Scan } from './scan.js';
import { filesOf } from './tape_files.js';

/** What the redactor put in the place of what: pseudonym, original, kind. */
export type NotedPair = readonly [pseudonym: string, original: string, kind: IdentifierKind];

export interface ProveOptions {
  /** The shared tape as it was written: its directory, or a plain `.tape.tar`. */
  readonly shared: string;
  /** Directory of the tape that it was made from. */
  readonly original: string;
  /** All that the redactor replaced: secrets and ids in texts are known from here alone. */
  readonly noted: Iterable<NotedPair>;
  /** Whether a word may stay: published words, and what the rules file lets stay. */
  readonly published: (text: string) => boolean;
  /** Columns that the rules file lets stay as they are, as `spans.trace_id`. */
  readonly kept?: ReadonlySet<string>;
}

/** What was looked for and where. */
export interface Proof {
  /** Names, addresses, ids and secrets that were looked for. */
  readonly identifiers: number;
  /** Bytes of text, after decompression, that were searched. */
  readonly bytes: number;
}

/** After so many leaks it is clear. */
const MAX_LEAKS = 1000;

/**
 * Looks for everything that identifies in the original, in every byte of the shared tape that can hold text: values,
 * dictionaries, statistics, footers, names of files. Yields a leak for each place where something was found, a
 * thousand at most; a share with one must not be handed out. Nothing of the redactor is used: the files are read by
 * other code, and what to look for is gathered anew.
 */
export async function* prove(options: ProveOptions): AsyncGenerator<Leak, Proof> {
  const { shared, original, noted, published, kept = new Set() } = options;
  const identifiers = await gather({ original, noted, published, kept });
  const scan = new Scan(identifiers, kept);
  let leaks = 0;
  for await (const file of filesOf(shared)) {
    for (const leak of scan.file(file)) {
      yield leak;
      if (++leaks === MAX_LEAKS) return { identifiers: identifiers.size, bytes: scan.bytes };
    }
  }
  return { identifiers: identifiers.size, bytes: scan.bytes };
}
