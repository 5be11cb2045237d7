import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST, type Manifest } from '../../tape/manifest.js';
import { parseManifest } from '../../tape/parse_manifest.js';
import { Threads } from '../../threads/threads.js';
import { patternsOf } from './identifiers/identifiers.js';
import { type NotedPair, Replaced } from './identifiers/replaced.js';
import type { Leak } from './leak.js';
import { Leaks } from './leaks.js';
import type { Compared } from './search/comparison.js';
import { HashSet, type SharedSet } from './search/hash_set.js';
import type { PatternText } from './search/patterns.js';
import { closeSpillFile, openSpillFile, type SpillFile } from './search/spill_file.js';
import { PARTS, type Parts, SpilledHashes } from './search/spilled_hashes.js';
import { filesOf } from './tape_files.js';
import type { Wanted } from './text_search.js';
import { type OriginalSegment, Searcher } from './threads/searcher.js';

export interface ProveOptions {
  /** The shared tape as it was written: its directory, or a plain `.tape.tar`. */
  readonly shared: string;
  /** Directory of the tape that it was made from. */
  readonly original: string;
  /** All that the redactor replaced: secrets and ids in texts are known from here alone. Asked for again where there are leaks. */
  readonly noted: () => Iterable<NotedPair>;
  /** Whether a word may stay: published words, and what the rules file lets stay. */
  readonly published: (text: string) => boolean;
  /** Columns that the rules file lets stay as they are, as `spans.trace_id`. */
  readonly kept?: ReadonlySet<string>;
  /** How many search at the same time; by default two where the tape is large. */
  readonly threads?: number;
  /** A directory on disk for hashes of ids, 8 bytes for each place of either tape that has one; by default the system's. */
  readonly temporary?: string;
  /** Told after each file how many are done of all: those of the original, then those of the shared tape. */
  readonly progress?: (done: number, all: number) => void;
  /** Ends the search between two files; what it was ended for is thrown. */
  readonly signal?: AbortSignal;
}

/** What was looked for and where. */
export interface Proof {
  /** At most a thousand: then it is clear. */
  readonly leaks: readonly Leak[];
  /**
   * Secrets that were found, such as a password that elsewhere stands behind its key, and what should stand in their
   * place: not to be shown to anybody.
   */
  readonly secrets: ReadonlyMap<string, string>;
  /** Names, addresses, ids and secrets that were looked for. */
  readonly identifiers: number;
  /** Bytes of text, after decompression, that were searched. */
  readonly bytes: number;
}

/** Threads of a large tape, and from how many bytes on it is one. */
const THREADS = 2;
const WORKER = new URL('./threads/worker.js', import.meta.url);
const LARGE = 4 << 20;

/** Into so many the comparison of ids is divided. */
const TASKS = 16;

/**
 * Looks for everything that identifies in the original, in every byte of the shared tape that can hold text: values,
 * dictionaries, statistics, footers, names of files. There is a leak for each place where something was found; a share
 * with one must not be handed out. Nothing of the redactor is used: the files are read by other code, and what to look
 * for is gathered anew.
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const { original, kept = new Set() } = options;
  const file = join(original, MANIFEST);
  const manifest = parseManifest(file, await readFile(file, 'utf8'));
  const spill = openSpillFile(options.temporary ?? tmpdir());
  const count = options.threads ?? (sizeOf(manifest) < LARGE ? 1 : THREADS);
  const setting = { kept, spill };
  const threads =
    count === 1 ? Threads.here(new Searcher(setting)) : Threads.start<Searcher>(count, WORKER, setting);
  try {
    return await new Proving(options, manifest, threads, spill).prove();
  } finally {
    await threads.end();
    closeSpillFile(spill);
  }
}

/** The steps of one proof, in their order. */
class Proving {
  private readonly leaks: Leaks;
  private readonly values = new HashSet();
  private readonly segments: readonly OriginalSegment[];
  private filesDone = 0;

  constructor(
    private readonly options: ProveOptions,
    private readonly manifest: Manifest,
    private readonly threads: Threads<Searcher>,
    private readonly spill: SpillFile,
  ) {
    this.leaks = new Leaks(options.published);
    this.segments = segmentsOf(options.original, manifest);
  }

  async prove(): Promise<Proof> {
    const { threads, values, leaks } = this;
    const { patterns, ids } = await this.gather();
    const bytes = await this.search({ patterns, values: values.shared() });
    const { common, distinct } = await this.compare(ids, await threads.all('metIds', undefined));
    // Where the ids are that should not be there is not known yet.
    if (common.length > 0) await this.search({ patterns: [], values: [], ids: setOf(common) });
    const identifiers = patterns.length + values.size + distinct;
    return { ...leaks.found(this.options.noted), identifiers, bytes };
  }

  /** Gathers what to look for. */
  private async gather(): Promise<{ patterns: PatternText[]; ids: Parts[] }> {
    const { threads, values, manifest } = this;
    const { noted, published } = this.options;
    const ids = new SpilledHashes(this.spill);
    const replaced = new Replaced(noted(), values, ids, published);
    try {
      for await (const hashes of threads.each('gather', this.segments)) {
        values.addAll(hashes);
        replaced.readSome();
        this.step();
      }
      while (replaced.readSome());
    } finally {
      replaced.close();
    }
    const gathered = await threads.all('gathered', undefined);
    const patterns = patternsOf({ manifest, gathered, values, ids, replaced, published });
    return { patterns, ids: [...(await threads.all('metIds', undefined)), ids.handOver()] };
  }

  /** Looks through the shared tape; returns how many bytes were searched. */
  private async search(wanted: Wanted): Promise<number> {
    const { threads, leaks } = this;
    await threads.all('lookFor', wanted);
    let bytes = 0;
    for await (const found of threads.each('scan', filesOf(this.options.shared))) {
      for (const find of found.finds) leaks.add(find);
      bytes += found.bytes;
      this.step();
    }
    return bytes;
  }

  /** Compares the ids of the original with those that were met in the shared tape. */
  private async compare(original: readonly Parts[], shared: readonly Parts[]): Promise<Compared> {
    const common: number[] = [];
    let distinct = 0;
    const of = (lots: readonly Parts[], part: number) => lots.flatMap((parts) => parts[part] ?? []);
    const all = Array.from({ length: PARTS }, (_, part) => ({
      original: of(original, part),
      shared: of(shared, part),
    }));
    const tasks = Array.from({ length: TASKS }, (_, i) =>
      all.slice((i * PARTS) / TASKS, ((i + 1) * PARTS) / TASKS),
    );
    for await (const compared of this.threads.each('compareIds', tasks)) {
      common.push(...compared.common);
      distinct += compared.distinct;
      this.options.signal?.throwIfAborted();
    }
    return { common, distinct };
  }

  private step(): void {
    // A shared tape has as many segments, and the manifest.
    const foreseen = 2 * this.segments.length + 1;
    this.filesDone++;
    this.options.progress?.(this.filesDone, Math.max(this.filesDone, foreseen));
    this.options.signal?.throwIfAborted();
  }
}

function setOf(hashes: readonly number[]): SharedSet {
  const set = new HashSet();
  set.addAll(Int32Array.from(hashes));
  return set.shared();
}

function segmentsOf(directory: string, { tables }: Manifest): OriginalSegment[] {
  return Object.entries(tables).flatMap(([table, segments]) =>
    segments.map(({ path }) => ({ table, file: join(directory, path) })),
  );
}

function sizeOf({ tables }: Manifest): number {
  return Object.values(tables)
    .flat()
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
