import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KtapeError } from '../errors.js';
import { makeDirectory, syncDirectory, TEMPORARY, writeDurably } from './durable_file.js';
import { joinRemoved } from './kept.js';
import {
  FORMAT_VERSION,
  MANIFEST,
  type Manifest,
  type NodeFacts,
  type Removed,
  type Segment,
  type Source,
} from './manifest.js';
import { encodeParquet } from './parquet.js';
import type { RowBatch } from './row_batch.js';
import { segmentPath, serialOf } from './segment_path.js';
import { formatTime, parseTime } from './time.js';

export interface TapeOptions {
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** When recording began, nanoseconds since the epoch. */
  readonly started: bigint;
  readonly nodes: readonly NodeFacts[];
}

/** How far a recording is in its segments. */
export interface SealedUpTo {
  /** The last journal file whose requests are. */
  readonly journal: number;
  /** All that was told of the time before this is, in nanoseconds since the epoch. */
  readonly seen: bigint;
  /** When its rows were taken to be written: what comes later is in later segments. */
  readonly received: bigint;
}

/** Writes one tape: segments as they are sealed, and after each the manifest that names them all. */
export class TapeWriter {
  private sources: readonly Source[] = [];
  private started: bigint;
  private sealed: SealedUpTo;
  /** What is not on the tape any more. */
  removed: readonly Removed[] = [];
  private serial = 0;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly directory: string,
    private readonly options: TapeOptions,
    private readonly tables: Map<string, Segment[]>,
  ) {
    this.started = options.started;
    this.sealed = { journal: 0, seen: options.started, received: options.started };
  }

  /** Starts a tape in a directory that is new or empty. */
  static async create(directory: string, options: TapeOptions): Promise<TapeWriter> {
    // What is in a tape is for whoever made it alone.
    await makeDirectory(directory, 0o700);
    // Half a manifest is all that a start which was cut off leaves.
    const present = (await readdir(directory)).filter((name) => name !== `${MANIFEST}${TEMPORARY}`);
    if (present.length > 0) {
      throw new KtapeError(`${directory}: not empty (it holds ${present[0]}); a tape needs a new directory`);
    }
    const writer = new TapeWriter(directory, options, new Map());
    await writer.writeManifest('recording', null);
    return writer;
  }

  /** Takes up a tape whose recorder died or was stopped; segments without a place in the manifest are removed. */
  static async resume(directory: string, manifest: Manifest, options: TapeOptions): Promise<TapeWriter> {
    const tables = new Map(
      Object.entries(manifest.tables).map(([table, segments]) => [table, [...segments]]),
    );
    const nodes = [
      ...manifest.nodes.filter(({ name }) => !options.nodes.some((one) => one.name === name)),
      ...options.nodes,
    ];
    const writer = new TapeWriter(directory, { ...options, nodes }, tables);
    writer.sources = manifest.sources;
    const seen = parseTime(manifest.ended ?? manifest.seen_until ?? manifest.started);
    writer.sealed = { journal: manifest.journal_sealed, seen, received: seen };
    writer.removed = manifest.removed;
    writer.serial = Math.max(0, ...[...tables.values()].flat().map(({ path }) => serialOf(path)));
    await writer.removeStrays();
    return writer;
  }

  /** The segments of every table, the first written first. */
  get segments(): ReadonlyMap<string, readonly Segment[]> {
    return this.tables;
  }

  /** Sets when recording began, in nanoseconds since the epoch: when every source had been started. */
  startAt(time: bigint): void {
    this.started = time;
  }

  /** Says what is recorded: the sources, and the tables that they capture, whether or not they get rows. */
  describe(sources: readonly Source[], tables: readonly string[]): Promise<void> {
    return this.inTurn(async () => {
      this.sources = [
        ...this.sources.filter(({ name }) => !sources.some((one) => one.name === name)),
        ...sources,
      ];
      for (const table of tables) if (!this.tables.has(table)) this.tables.set(table, []);
      await this.writeManifest('recording', null);
    });
  }

  /**
   * Writes the rows of the batches as one segment each, then the manifest, which makes them part of
   * the tape all at once. `upTo` tells how far a recording is then. When it fails, nothing was added
   * and the same batches can be sealed again.
   */
  seal(batches: readonly RowBatch[], upTo?: SealedUpTo): Promise<void> {
    return this.change(async () => {
      const received = upTo === undefined ? {} : receivedBetween(this.sealed.received, upTo.received);
      for (const batch of batches) await this.writeSegment(batch, received);
      this.sealed = upTo ?? this.sealed;
    });
  }

  /** Takes segments off the tape, and says in the manifest which stretches are not kept any more. */
  async remove(segments: readonly Segment[], stretches: readonly Removed[]): Promise<void> {
    const paths = new Set(segments.map(({ path }) => path));
    await this.change(async () => {
      this.drop(paths);
      this.removed = stretches.reduce(joinRemoved, this.removed);
    });
    await this.removeFiles(paths);
  }

  /** A path for a segment that somebody else writes, under it and TEMPORARY, for `replace`. */
  async reserve(table: string, node: string): Promise<string> {
    await makeDirectory(join(this.directory, table));
    return this.nextPath(table, node);
  }

  /**
   * Puts one segment, whose file is whole and synced under its path and TEMPORARY, in the place of several of its
   * table. Returns false, and leaves the tape as it is, where one of those is not part of it any more.
   */
  async replace(table: string, sources: readonly Segment[], by: Segment | undefined): Promise<boolean> {
    const paths = new Set(sources.map(({ path }) => path));
    let replaced = false;
    await this.change(async () => {
      const segments = this.tables.get(table) ?? [];
      replaced = segments.filter(({ path }) => paths.has(path)).length === paths.size;
      if (!replaced) return;
      const at = segments.findIndex(({ path }) => paths.has(path));
      if (by !== undefined) {
        const file = join(this.directory, by.path);
        await rename(`${file}${TEMPORARY}`, file);
        await syncDirectory(dirname(file));
        segments.splice(at, 0, by);
      }
      this.drop(paths);
    });
    return replaced;
  }

  /** Removes files of segments that are not part of the tape any more. */
  async removeFiles(paths: Iterable<string>): Promise<void> {
    await this.removeUnnamed([...paths]);
  }

  /** Writes the manifest of a complete tape. */
  complete(ended: bigint): Promise<void> {
    return this.inTurn(() => this.writeManifest('complete', ended));
  }

  private async writeSegment(batch: RowBatch, received: Partial<Segment>): Promise<void> {
    const range = batch.timeRange();
    if (range === undefined) return;
    const { name } = batch.table;
    const bytes = encodeParquet(batch);
    const path = this.nextPath(name, batch.node);
    await makeDirectory(join(this.directory, name));
    await writeDurably(join(this.directory, path), bytes);
    const segments = this.tables.get(name) ?? [];
    this.tables.set(name, segments);
    segments.push({
      path,
      node: batch.node,
      rows: batch.rows,
      bytes: bytes.length,
      first_time: formatTime(range.first),
      last_time: formatTime(range.last),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...received,
    });
  }

  private drop(paths: ReadonlySet<string>): void {
    for (const [table, segments] of this.tables) {
      this.tables.set(
        table,
        segments.filter(({ path }) => !paths.has(path)),
      );
    }
  }

  /** Changes the tape and writes the manifest, in turn; where that fails the tape is as it was. */
  private change(work: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      const before = new Map([...this.tables].map(([table, segments]) => [table, [...segments]]));
      const { sealed, removed } = this;
      try {
        await work();
        await this.writeManifest('recording', null);
      } catch (error) {
        const paths = [...this.tables.values()].flat().map(({ path }) => path);
        this.tables.clear();
        for (const [table, segments] of before) this.tables.set(table, segments);
        this.sealed = sealed;
        this.removed = removed;
        await this.removeUnnamed(paths).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Removes those of the files that the manifest, as it is on the disk, does not name: they are no part of the tape. */
  private async removeUnnamed(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    const manifest = await readFile(join(this.directory, MANIFEST), 'utf8');
    for (const path of paths) {
      if (!manifest.includes(JSON.stringify(path))) await rm(join(this.directory, path), { force: true });
    }
  }

  private nextPath(table: string, node: string): string {
    this.serial++;
    return segmentPath(table, node, this.options.started, this.serial);
  }

  private async writeManifest(state: Manifest['state'], ended: bigint | null): Promise<void> {
    const manifest: Manifest = {
      format: 'ktape',
      version: FORMAT_VERSION,
      tool: this.options.tool,
      state,
      started: formatTime(this.started),
      ended: ended === null ? null : formatTime(ended),
      nodes: this.options.nodes,
      sources: this.sources,
      journal_sealed: this.sealed.journal,
      seen_until: state === 'complete' ? null : formatTime(this.sealed.seen),
      removed: this.removed,
      tables: Object.fromEntries(this.tables),
    };
    await writeDurably(join(this.directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  }

  /** Removes what a sealing that was cut off left in the tables' directories. */
  private async removeStrays(): Promise<void> {
    const directories = (await readdir(this.directory, { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of directories) {
      const files = await readdir(join(this.directory, name));
      const segments = files.filter((file) => /\.parquet(\.tmp)?$/.test(file));
      await this.removeUnnamed(segments.map((file) => `${name}/${file}`));
    }
  }

  /** Runs one write after the other: the manifest always names exactly what is there. */
  private inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** `until` is before `since` where the clock was set back. */
function receivedBetween(since: bigint, until: bigint): Partial<Segment> {
  return { received_since: formatTime(until < since ? until : since), received_until: formatTime(until) };
}
