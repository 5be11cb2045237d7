import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveKind } from '../../archive/archive_kind.js';
import { InvalidFileError, reasonOf, UsageError, unreadable } from '../../errors.js';
import { manifestFiles, readManifestFile } from '../../import/manifest_files.js';
import { WATCHED_KINDS } from '../../kubernetes/kinds.js';
import { nameWithKind } from '../../kubernetes/name_with_kind.js';
import { type KubernetesObjectRow, listMark, observe } from '../../kubernetes/observation.js';
import { ClusterTimeline } from '../../policy/history/timeline.js';
import type { DataPlane } from '../../policy/rules/data_plane.js';
import { problemSaid } from '../../policy/rules/problem.js';
import { recordedTime, type TimeRange } from '../../query/recorded_time.js';
import { addressNotes } from '../../query/sources.js';
import { MANIFEST } from '../../tape/manifest.js';
import { parseTime, shortTime } from '../../tape/time.js';
import type { DataPlaneOption, IdentityOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { withDatabase } from '../with_database.js';

/** A cluster that can be asked about its policies: that of a tape, or that of manifests. */
export interface Source {
  readonly timeline: ClusterTimeline;
  /** The times that can be asked about; undefined for manifests, which have none. */
  readonly range: TimeRange | undefined;
  /** What could not be read and is left out of every answer, a sentence each: documents of manifests. */
  readonly unread: readonly string[];
}

/** How a source is opened. */
export type SourceOption = DataPlaneOption & IdentityOption;

/** When manifests are taken to have been seen. */
const MANIFESTS_TIME = 0n;

/** Opens a tape, a manifest file or a directory of manifests. Throws an InvalidFileError for anything else. */
export async function openSource(path: string, terminal: Terminal, option: SourceOption): Promise<Source> {
  const found = await stat(path).catch((error) => unreadable(path, error));
  const isTape = found.isDirectory()
    ? await exists(join(path, MANIFEST))
    : found.isFile() && (await archiveKind(path)) !== undefined;
  return isTape ? openTapeSource(path, terminal, option) : openManifests(path, option.dataplane);
}

/**
 * The instant to judge at, nanoseconds since the epoch: the time asked for, else the last that is known.
 * @param field what the time was given as, for messages: `--since`.
 */
export function instantOf({ range }: Source, at: string | undefined, field: string): bigint {
  if (range === undefined) {
    if (at !== undefined)
      throw new UsageError(`${field} ${at}: manifests have no times; only a tape can be asked about one`);
    return MANIFESTS_TIME;
  }
  if (at === undefined) return range.last;
  const time = timeOf(at, field);
  if (time < range.first || time > range.last) {
    throw new UsageError(
      `${field} ${at}: outside the recording, which is from ${shortTime(range.first)} to ${shortTime(range.last)}`,
    );
  }
  return time;
}

/** All that is left out of answers from this source, whatever is asked: a sentence each. */
export function problemsOf({ unread, timeline }: Source): string[] {
  return [...unread, ...timeline.history.policies.problems.map(problemSaid)];
}

function timeOf(at: string, field: string): bigint {
  try {
    return parseTime(at);
  } catch (error) {
    throw new UsageError(`${field} ${reasonOf(error)}`);
  }
}

function openTapeSource(path: string, terminal: Terminal, option: SourceOption): Promise<Source> {
  return withDatabase(path, terminal, option, async (database) => {
    const range = recordedTime(database.tape, ['kubernetes_objects']);
    if (range === undefined) throw new InvalidFileError(path, 'has no rows that tell of a cluster');
    const unread = addressNotes(database.tape.manifest.sources);
    return { timeline: await database.clusterTimeline(), range, unread };
  });
}

/** What manifests do not show is not there. */
async function openManifests(path: string, dataPlane?: DataPlane): Promise<Source> {
  const manifests = new Manifests();
  for (const file of await manifestFiles([path])) await manifests.read(file);
  const { rows, problems } = manifests;
  if (rows.length === 0) {
    const problem = problems[0] ?? 'no Kubernetes objects in it';
    throw new InvalidFileError(path, `neither a tape nor manifests: ${problem}`);
  }
  const marks = WATCHED_KINDS.map(({ kind, apiVersion }) => listMark(kind, apiVersion, null, MANIFESTS_TIME));
  return {
    timeline: new ClusterTimeline([...rows, ...marks], [], dataPlane),
    range: undefined,
    unread: problems.map((problem) => `Left out of the answer: ${problem}.`),
  };
}

/** Rows of the objects in manifests. */
class Manifests {
  readonly rows: KubernetesObjectRow[] = [];
  readonly problems: string[] = [];
  private readonly seen = new Map<string, { readonly where: string; readonly object: string | null }>();

  async read(file: string): Promise<void> {
    for (const { where, entry } of await readManifestFile(file)) {
      const observed = 'object' in entry ? observe(entry.object, 'imported', MANIFESTS_TIME) : entry;
      if ('problem' in observed) this.problems.push(`${where}: ${observed.problem}`);
      else if ('row' in observed) this.take(observed.row, where);
    }
  }

  private take(row: KubernetesObjectRow, where: string): void {
    const name = nameWithKind(row.kind, row);
    const key = `${row.api_version} ${name}`;
    const before = this.seen.get(key);
    if (before !== undefined && before.object !== row.object) {
      this.problems.push(`${before.where}: ${name}, which ${where} has otherwise`);
    }
    this.seen.set(key, { where, object: row.object });
    this.rows.push(row);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
