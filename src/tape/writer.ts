import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KtapeError } from '../errors.js';
import { writeDurably } from './durable_file.js';
import {
  FORMAT_VERSION,
  MANIFEST,
  type Manifest,
  type NodeFacts,
  type Segment,
  type Source,
} from './manifest.js';
import { encodeParquet } from './parquet.js';
import type { RowBatch } from './row_batch.js';
import { formatTime } from './time.js';

export interface TapeOptions {
  /** Program that writes, such as `ktape 0.1.0`. */
  readonly tool: string;
  /** When recording began, nanoseconds since the epoch. */
  readonly started: bigint;
  readonly nodes: readonly NodeFacts[];
}

/** Writes one tape: segments as they are sealed, and after each the manifest that names them all. */
export class TapeWriter {
  private sources: readonly Source[] = [];
  private started: bigint;
  private journalSealed = 0;
  private serial = 0;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly directory: string,
    private readonly options: TapeOptions,
    private readonly tables: Map<string, Segment[]>,
  ) {
    this.started = options.started;
  }

  /** Starts a tape in a directory that is new or empty. */
  static async create(directory: string, options: TapeOptions): Promise<TapeWriter> {
    await mkdir(directory, { recursive: true });
    const present = await readdir(directory);
    if (present.length > 0) {
      throw new KtapeError(`${directory}: not empty (it holds ${present[0]}); a tape needs a new directory`);
    }
    const writer = new TapeWriter(directory, options, new Map());
    await writer.writeManifest('recording', null);
    return writer;
  }

  /** Takes up a tape whose recorder died; segments without a place in the manifest are removed. */
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
    writer.journalSealed = manifest.journal_sealed;
    writer.serial = Math.max(0, ...[...tables.values()].flat().map(serialOf));
    await writer.removeStrays();
    return writer;
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
   * the tape all at once. `journal` is the last journal file whose rows they hold, if any. When it
   * fails, nothing was added and the same batches can be sealed again.
   */
  seal(batches: readonly RowBatch[], journal?: number): Promise<void> {
    return this.inTurn(async () => {
      const before = new Map([...this.tables].map(([table, segments]) => [table, [...segments]]));
      const sealedBefore = this.journalSealed;
      try {
        for (const batch of batches) await this.writeSegment(batch);
        this.journalSealed = journal ?? this.journalSealed;
        await this.writeManifest('recording', null);
      } catch (error) {
        await this.removeSegments([...this.tables.values()].flat(), before);
        this.tables.clear();
        for (const [table, segments] of before) this.tables.set(table, segments);
        this.journalSealed = sealedBefore;
        throw error;
      }
    });
  }

  /** Writes the manifest of a complete tape. */
  complete(ended: bigint): Promise<void> {
    return this.inTurn(() => this.writeManifest('complete', ended));
  }

  private async writeSegment(batch: RowBatch): Promise<void> {
    const range = batch.timeRange();
    if (range === undefined) return;
    const { name } = batch.table;
    const bytes = encodeParquet(batch.table, batch.toArrow());
    const file = `${fileNamePart(batch.node)}-${this.options.started / 1_000_000n}-${this.nextSerial()}.parquet`;
    await mkdir(join(this.directory, name), { recursive: true });
    await writeDurably(join(this.directory, name, file), bytes);
    const segments = this.tables.get(name) ?? [];
    this.tables.set(name, segments);
    segments.push({
      path: `${name}/${file}`,
      node: batch.node,
      rows: batch.rows,
      bytes: bytes.length,
      first_time: formatTime(range.first),
      last_time: formatTime(range.last),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  }

  /** Removes the files of segments that are not among `kept`: no reader is to take them for rows of the tape. */
  private async removeSegments(
    segments: readonly Segment[],
    kept: ReadonlyMap<string, Segment[]>,
  ): Promise<void> {
    const paths = new Set([...kept.values()].flat().map(({ path }) => path));
    for (const { path } of segments) {
      if (!paths.has(path)) await rm(join(this.directory, path), { force: true });
    }
  }

  private nextSerial(): string {
    this.serial++;
    return String(this.serial).padStart(5, '0');
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
      journal_sealed: this.journalSealed,
      tables: Object.fromEntries(this.tables),
    };
    await writeDurably(join(this.directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  }

  private async removeStrays(): Promise<void> {
    for (const [table, segments] of this.tables) {
      const known = new Set(segments.map((segment) => segment.path));
      for (const file of await readdir(join(this.directory, table)).catch(() => [])) {
        if (!known.has(`${table}/${file}`)) await rm(join(this.directory, table, file));
      }
    }
  }

  /** Runs one write after the other: the manifest always names exactly what is there. */
  private inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** The running number in a segment's name. */
function serialOf(segment: Segment): number {
  return Number(/-(\d+)\.parquet$/.exec(segment.path)?.[1] ?? 0);
}

/** A node name as part of a file name. */
function fileNamePart(node: string): string {
  return node.replace(/[^A-Za-z0-9._]/g, '-').slice(0, 100) || 'node';
}
