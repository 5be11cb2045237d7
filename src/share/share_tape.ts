import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidFileError } from '../errors.js';
import { tableNamed } from '../schema/tables/index.js';
import { writeDurably } from '../tape/durable_file.js';
import { MANIFEST, type Manifest, type Segment } from '../tape/manifest.js';
import { segmentFile, type Tape } from '../tape/tape.js';
import { parseTime } from '../tape/time.js';
import { Threads } from '../threads/threads.js';
import { Gathered } from './gather/gathered.js';
import type { ShareKey } from './key.js';
import { Notes, NotesWriter } from './notes.js';
import type { ColumnCount } from './rewrite/column_count.js';
import type { SegmentJob, SharedSegment } from './rewrite/segment_sharer.js';
import type { Rules } from './rules.js';
import { sharedManifest } from './shared_manifest.js';
import type { Tally } from './tally.js';
import type { Sharer } from './threads/sharer.js';
import { Words } from './words/words.js';

/** As many as there are cores that a share is to use. */
const THREADS = 2;
const WORKER = new URL('./threads/worker.js', import.meta.url);

export interface ShareOptions {
  /** A directory for the shared tape: new, or empty. */
  readonly directory: string;
  /** A directory for what was replaced: new, or empty. */
  readonly notes: string;
  readonly key: ShareKey;
  readonly addresses: 'prefix' | 'opaque';
  readonly rules: Rules;
  /** Secrets that are cut wherever they stand, and what by: none unless told. */
  readonly secrets?: ReadonlyMap<string, string>;
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** Told how far it is, in a few words: first it gathers, then it rewrites. */
  readonly progress: (phase: 'gather' | 'rewrite', what: string) => void;
  /** How many threads work, 2 unless told; what they write does not depend on it. */
  readonly threads?: number;
}

/** What was done. */
export interface Shared {
  readonly manifest: Manifest;
  /** Everything that was replaced, some of it more than once. */
  readonly notes: Notes;
  readonly tally: Tally;
  /** By table, then by column. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, ColumnCount>>;
  /** Whether a text may stay. */
  readonly published: (text: string) => boolean;
}

/** Writes a tape with everything redacted that its columns' classes and the rules say. */
export async function shareTape(tape: Tape, options: ShareOptions): Promise<Shared> {
  const { directory, notes, key, addresses, rules, secrets = new Map() } = options;
  const setting = { directory, notes, key: key.toText(), addresses, rules, secrets };
  const segments = Object.values(tape.manifest.tables).flat().length;
  // They start while the segments are looked at.
  const threads = Threads.start<Sharer>(Math.min(options.threads ?? THREADS, segments), WORKER, setting);
  try {
    const jobs = await jobsOf(tape);
    const { vocabulary, kept } = await gather(tape, jobs, threads, options);
    const shared = await rewrite(jobs, threads, options);
    const own = new NotesWriter(notes, 'manifest');
    const words = new Words({
      key,
      vocabulary,
      addresses,
      note: own.note,
      published: new Set(rules.published),
      secrets,
    });
    const manifest = sharedManifest(tape.manifest, tablesOf(tape, shared), words, addresses, options.tool);
    await writeDurably(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    own.close();
    for (const replaced of await threads.all('replaced', undefined)) own.tally.addAll(replaced);
    return {
      manifest,
      notes: new Notes(notes),
      tally: own.tally,
      counts: countsOf(shared),
      published: (text) => words.published(text) || kept.has(text),
    };
  } finally {
    await threads.end();
  }
}

/** The segments, the largest first: no thread is to begin with one when the others are done. */
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
  return jobs.sort((a, b) => b.segment.bytes - a.segment.bytes);
}

/** Has the threads gather, and tells all of them what they gathered together. */
async function gather(
  tape: Tape,
  jobs: readonly SegmentJob[],
  threads: Threads<Sharer>,
  { rules, progress }: ShareOptions,
): Promise<Gathered> {
  const gathered = new Gathered();
  gathered.vocabulary.addAll(rules.names);
  for (const { name } of tape.manifest.nodes) gathered.vocabulary.add(name);
  for (const { segment } of jobs) gathered.vocabulary.add(segment.node);
  let done = 0;
  const tell = () => progress('gather', `gathering names: ${done} of ${jobs.length} segments`);
  tell();
  for await (const _ of threads.each('gather', jobs)) {
    done++;
    tell();
  }
  for (const part of await threads.all('handOver', undefined)) gathered.add(part);
  await threads.all('know', gathered.data);
  return gathered;
}

/** Has the threads rewrite; what came of the segments, in the order of the original. */
async function rewrite(
  jobs: readonly SegmentJob[],
  threads: Threads<Sharer>,
  { directory, progress }: ShareOptions,
): Promise<SharedSegment[]> {
  // Not by the threads, which would make them again after an interrupt has removed all.
  for (const table of new Set(jobs.map((job) => job.table))) await mkdir(join(directory, table));
  const done: SharedSegment[] = [];
  for await (const shared of threads.each('rewrite', jobs)) {
    done.push(shared);
    progress('rewrite', `${done.length} of ${jobs.length} segments rewritten`);
  }
  return done.sort((a, b) => a.serial - b.serial);
}

function tablesOf({ manifest }: Tape, shared: readonly SharedSegment[]): Record<string, Segment[]> {
  return Object.fromEntries(
    Object.keys(manifest.tables).map((name) => [
      name,
      shared.filter(({ table }) => table === name).map(({ segment }) => segment),
    ]),
  );
}

function countsOf(shared: readonly SharedSegment[]): Map<string, Map<string, ColumnCount>> {
  const counts = new Map<string, Map<string, ColumnCount>>();
  for (const { table, counts: ofSegment } of shared) addCounts(counts, table, ofSegment);
  return counts;
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
