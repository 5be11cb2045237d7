import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError } from '../errors.js';
import { tableNamed } from '../schema/tables/index.js';
import { writeDurably } from '../tape/durable_file.js';
import { MANIFEST, type Manifest, type Segment } from '../tape/manifest.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { parseTime } from '../tape/time.js';
import { gather } from './gather.js';
import type { ShareKey } from './key.js';
import { type Note, NotesFile, notesIn } from './notes.js';
import { ClusterFacts } from './objects/cluster_facts.js';
import type { ColumnCount } from './rewrite/carrier.js';
import type { SegmentJob } from './rewrite/segment_sharer.js';
import { inWorkers } from './rewrite/workers.js';
import type { Rules } from './rules.js';
import { sharedManifest } from './shared_manifest.js';
import { Vocabulary } from './words/vocabulary.js';
import { Words } from './words/words.js';

/** As many as there are cores that a share is to use. */
const THREADS = 2;

export interface ShareOptions {
  /** A directory for the shared tape: new, or empty. */
  readonly directory: string;
  /** A directory for what was replaced: new, or empty. */
  readonly notes: string;
  readonly key: ShareKey;
  readonly addresses: 'prefix' | 'opaque';
  readonly rules: Rules;
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** Told what is being done, in a few words. */
  readonly progress: (what: string) => void;
}

/** What was done. */
export interface Shared {
  readonly manifest: Manifest;
  /** Everything that was replaced, some of it more than once: read anew each time that it is asked for. */
  readonly notes: () => Iterable<Note>;
  /** By table, then by column. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, ColumnCount>>;
  /** Whether a text may stay. */
  readonly published: (text: string) => boolean;
}

/** Writes a tape with everything redacted that its columns' classes and the rules say. */
export async function shareTape(tape: Tape, options: ShareOptions): Promise<Shared> {
  const { directory, notes, key, addresses, rules } = options;
  const vocabulary = new Vocabulary();
  vocabulary.addAll(rules.names);
  options.progress('gathering names');
  const facts = new ClusterFacts();
  const kept = new Set<string>();
  await gather(tape, { vocabulary, facts, kept }, rules);
  const jobs = await jobsOf(tape);
  const setting = {
    directory,
    notes,
    key: key.toText(),
    vocabulary: [...vocabulary.words()],
    facts: facts.data,
    addresses,
    rules,
  };
  // Not by the threads, which would make them again after an interrupt has removed all.
  for (const table of new Set(jobs.map((job) => job.table))) await mkdir(join(directory, table));
  const done = new Map<number, Segment>();
  const counts = new Map<string, Map<string, ColumnCount>>();
  for await (const { shared } of inWorkers(jobs, setting, THREADS)) {
    done.set(shared.serial, shared.segment);
    addCounts(counts, shared.table, shared.counts);
    options.progress(`${done.size} of ${jobs.length} segments rewritten`);
  }
  const own = new NotesFile(join(notes, 'manifest.jsonl'));
  const published = new Set(rules.published);
  const words = new Words({ key, vocabulary, addresses, note: own.note, published });
  const tables = Object.fromEntries(
    Object.keys(tape.manifest.tables).map((table) => [
      table,
      jobs.filter((job) => job.table === table).flatMap(({ serial }) => done.get(serial) ?? []),
    ]),
  );
  const manifest = sharedManifest(tape.manifest, tables, words, addresses, options.tool);
  await writeDurably(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  own.close();
  const files = (await readdir(notes)).map((name) => join(notes, name));
  return {
    manifest,
    notes: () => notesIn(files),
    counts,
    published: (text) => words.published(text) || kept.has(text),
  };
}

async function jobsOf(tape: Tape): Promise<SegmentJob[]> {
  const started = parseTime(tape.manifest.started);
  const jobs: SegmentJob[] = [];
  for (const [table, segments] of Object.entries(tape.manifest.tables)) {
    if (tableNamed(table) === undefined) {
      throw new InvalidFileError(
        join(tape.directory, MANIFEST),
        `table ${table} is not known; a newer ktape may know it`,
      );
    }
    for (const segment of segments) {
      const file = await segmentFile(tape, segment);
      jobs.push({ table, segment, file, started, serial: jobs.length + 1 });
    }
  }
  return jobs;
}

function addCounts(
  to: Map<string, Map<string, ColumnCount>>,
  table: string,
  counts: ReadonlyMap<string, ColumnCount>,
): void {
  const columns = to.get(table) ?? new Map<string, ColumnCount>();
  to.set(table, columns);
  for (const [name, { values, replaced, samples }] of counts) {
    const before = columns.get(name);
    if (before === undefined) columns.set(name, { values, replaced, samples });
    else {
      before.values += values;
      before.replaced += replaced;
      if (before.samples.length === 0) before.samples.push(...samples);
    }
  }
}
