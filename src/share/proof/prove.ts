import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tableNamed } from '../../schema/tables/index.js';
import { MANIFEST, type Manifest } from '../../tape/manifest.js';
import { parseManifest } from '../../tape/parse_manifest.js';
import { countOf, identifiersOf, type NotedPair } from './identifiers/identifiers.js';
import { maySay } from './identifiers/may_say.js';
import type { Leak } from './leak.js';
import type { Find } from './scan.js';
import { filesOf } from './tape_files.js';
import { Threads } from './threads/threads.js';

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
}

/** What was looked for and where. */
export interface Proof {
  /** At most a thousand: then it is clear. */
  readonly leaks: readonly Leak[];
  /** Names, addresses, ids and secrets that were looked for. */
  readonly identifiers: number;
  /** Bytes of text, after decompression, that were searched. */
  readonly bytes: number;
}

const MAX_LEAKS = 1000;

/** Threads of a large tape, and from how many bytes on it is one. */
const THREADS = 2;
const LARGE = 4 << 20;

/**
 * Looks for everything that identifies in the original, in every byte of the shared tape that can hold text: values,
 * dictionaries, statistics, footers, names of files. There is a leak for each place where something was found; a share
 * with one must not be handed out. Nothing of the redactor is used: the files are read by other code, and what to look
 * for is gathered anew.
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const { shared, original, noted, published, kept = new Set() } = options;
  const file = join(original, MANIFEST);
  const manifest = parseManifest(file, await readFile(file, 'utf8'));
  const threads = new Threads(options.threads ?? (sizeOf(manifest) < LARGE ? 1 : THREADS), kept);
  try {
    for await (const _ of threads.each('gather', segmentsOf(original, manifest)));
    const segments = await threads.all('handOver', undefined);
    const identifiers = identifiersOf({
      manifest,
      segments,
      noted: noted(),
      published,
    });
    await threads.all('lookFor', identifiers);
    const leaking = new Map<string, Find>();
    let bytes = 0;
    for await (const found of threads.each('scan', filesOf(shared))) {
      bytes += found.bytes;
      for (const find of found.finds) {
        if (find.unless === undefined || !maySay(find.unless, published)) addOnce(leaking, find);
      }
      if (leaking.size >= MAX_LEAKS) break;
    }
    const leaks = leaksOf([...leaking.values()].slice(0, MAX_LEAKS), noted);
    return { leaks, identifiers: countOf(identifiers), bytes };
  } finally {
    await threads.end();
  }
}

function segmentsOf(directory: string, { tables }: Manifest) {
  return Object.entries(tables).flatMap(([table, segments]) =>
    segments.map(({ path }) => ({ table, file: join(directory, path) })),
  );
}

function sizeOf({ tables }: Manifest): number {
  return Object.values(tables)
    .flat()
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Each kind is told once for a place. */
function addOnce(leaking: Map<string, Find>, find: Find): void {
  const { file, place, column, rowGroup } = find.where;
  const key = JSON.stringify([find.kind, file, place, column, rowGroup]);
  if (!leaking.has(key)) leaking.set(key, find);
}

function leaksOf(finds: readonly Find[], noted: () => Iterable<NotedPair>): Leak[] {
  if (finds.length === 0) return [];
  const originals = new Set(finds.map(({ original }) => original));
  const pseudonyms = new Map<string, string>();
  for (const [pseudonym, original, kind] of noted())
    if (kind !== 'id' && originals.has(original)) pseudonyms.set(original, pseudonym);
  return finds.map(({ where, kind, original }) => ({
    ...where,
    file: where.place === 'file name' ? maskedPath(where.file) : where.file,
    kind,
    sample: sampleOf(original, kind, pseudonyms.get(original)),
  }));
}

function sampleOf(original: string, kind: Find['kind'], pseudonym: string | undefined): string {
  const length = `${kind === 'address' || kind === 'id' ? 'an' : 'a'} ${kind} of ${original.length} characters`;
  return pseudonym === undefined ? length : `${length} that should read ${pseudonym}`;
}

/** The path with all but the name of a table masked. */
function maskedPath(path: string): string {
  const [table = ''] = path.split('/');
  return tableNamed(table) === undefined ? '…' : `${table}/…`;
}
