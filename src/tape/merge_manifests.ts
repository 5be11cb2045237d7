import { isDeepStrictEqual } from 'node:util';
import { KtapeError } from '../errors.js';
import { tableNamed } from '../schema/tables/index.js';
import { keptSince } from './kept.js';
import { FORMAT_VERSION, type Manifest, type Removed, type Segment, type Source } from './manifest.js';
import { formatTime, parseTime } from './time.js';

/** A stretch of the merged recording in which a node did not record a table that it recorded at other times. */
export interface Unseen {
  readonly node: string;
  readonly table: string;
  readonly reason: 'not started yet' | 'had ended' | 'not complete';
  /** Nanoseconds since the epoch. */
  readonly since: bigint;
  readonly until: bigint;
}

/** Tapes as one. */
export interface Merged {
  readonly manifest: Manifest;
  readonly unseen: readonly Unseen[];
}

/** What one tape adds. */
interface Part {
  readonly manifest: Manifest;
  /** Its nodes, for names. */
  readonly nodes: string;
  /** From when on it vouches for what it holds. */
  readonly kept: bigint;
  readonly ended: bigint;
}

/**
 * The manifest of all segments of these tapes side by side; a segment that several have is there once. The
 * recording then reaches from the first start to the last end, and what a tape did not see of that is `unseen`.
 * Throws a KtapeError where two segments of one path differ.
 */
export function mergeManifests(manifests: readonly Manifest[], tool: string): Merged {
  const [first, ...others] = manifests.map(partOf);
  if (first === undefined) throw new KtapeError('there is no tape to merge');
  const parts = [first, ...others];
  const started = parts.reduce((time, part) => (part.kept < time ? part.kept : time), first.kept);
  const ended = parts.reduce((time, part) => (part.ended > time ? part.ended : time), first.ended);
  const isComplete = parts.every(({ manifest }) => manifest.state === 'complete');
  const manifest: Manifest = {
    format: 'ktape',
    version: FORMAT_VERSION,
    tool,
    state: isComplete ? 'complete' : 'recording',
    started: formatTime(started),
    ended: isComplete ? formatTime(ended) : null,
    nodes: distinct(parts.flatMap(({ manifest }) => manifest.nodes)),
    sources: mergeSources(parts),
    journal_sealed: 0,
    seen_until: isComplete ? null : formatTime(ended),
    removed: mergeRemoved(manifests, started),
    tables: mergeTables(manifests),
  };
  return { manifest, unseen: parts.flatMap((part) => unseenBy(part, started, ended)) };
}

function partOf(manifest: Manifest): Part {
  const kept = keptSince(manifest);
  const ends = [manifest.ended, manifest.seen_until, ...lastTimes(manifest)].filter((time) => time !== null);
  const ended = ends.map(parseTime).find((time) => time >= kept) ?? kept;
  return { manifest, nodes: manifest.nodes.map(({ name }) => name).join(', '), kept, ended };
}

/** When the recorder was last heard of: what sent rows to it may have had another clock. */
function lastTimes({ tables }: Manifest): string[] {
  return (tables.recorder_health ?? [])
    .map(({ last_time }) => last_time)
    .sort()
    .reverse();
}

/** A source is told once where all tapes say the same of it; else once for each, with the tape's nodes. */
function mergeSources(parts: readonly Part[]): Source[] {
  const all = parts.flatMap(({ manifest }) => manifest.sources);
  const isShared = (source: Source) =>
    all.every(({ name, ...rest }) => name !== source.name || isDeepStrictEqual({ name, ...rest }, source));
  return distinct(
    parts.flatMap(({ manifest, nodes }) =>
      manifest.sources.map((source) =>
        isShared(source) || source.name.includes(' on ')
          ? source
          : { ...source, name: `${source.name} on ${nodes}` },
      ),
    ),
  );
}

function mergeTables(manifests: readonly Manifest[]): Record<string, Segment[]> {
  const merged = new Map<string, Map<string, Segment>>();
  for (const [table, segments] of manifests.flatMap(({ tables }) => Object.entries(tables))) {
    const byPath = merged.get(table) ?? new Map<string, Segment>();
    merged.set(table, byPath);
    for (const segment of segments) {
      const known = byPath.get(segment.path);
      if (known !== undefined && known.sha256 !== segment.sha256) {
        throw new KtapeError(`two tapes have a segment ${segment.path}, and their bytes differ`);
      }
      byPath.set(segment.path, segment);
    }
  }
  return Object.fromEntries([...merged].map(([table, byPath]) => [table, [...byPath.values()]]));
}

/** What was removed before any of the tapes begins is not missed. */
function mergeRemoved(manifests: readonly Manifest[], started: bigint): Removed[] {
  const all = distinct(manifests.flatMap(({ removed }) => removed)).filter(
    ({ until }) => parseTime(until) > started,
  );
  return all.map((stretch) =>
    parseTime(stretch.since) < started ? { ...stretch, since: formatTime(started) } : stretch,
  );
}

function unseenBy({ manifest, nodes, ended }: Part, first: bigint, last: bigint): Unseen[] {
  const started = parseTime(manifest.started);
  const end = manifest.state === 'complete' ? 'had ended' : 'not complete';
  const captured = Object.keys(manifest.tables).filter((table) => tableNamed(table)?.source !== 'recorder');
  return captured.flatMap((table): Unseen[] => [
    ...(started > first
      ? [{ node: nodes, table, reason: 'not started yet' as const, since: first, until: started }]
      : []),
    ...(ended < last ? [{ node: nodes, table, reason: end, since: ended, until: last } as const] : []),
  ]);
}

function distinct<V>(values: readonly V[]): V[] {
  return values.filter((value, i) => values.findIndex((other) => isDeepStrictEqual(other, value)) === i);
}
