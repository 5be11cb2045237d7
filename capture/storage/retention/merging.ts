import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KtapeError, reasonOf } from '../../../src/errors.js';
import { TEMPORARY } from '../../../src/tape/durable_file.js';
import type { Segment } from '../../../src/tape/manifest.js';
import type { TapeWriter } from '../../../src/tape/writer.js';
import type { DiskLimits } from './limits.js';
import type { MergeResult } from './merge_job.js';
import { MergeProcess } from './merge_process.js';
import { type Merge, planMerges } from './plan_merges.js';
import type { StoredSegment } from './stored_segment.js';

const LOOK_EVERY_MS = 10_000;
const RETRY_AFTER_MS = 300_000;

/** Sources that were merged stay so long, for readers who opened the tape before. */
const SOURCES_STAY_MS = 60_000;

/** Directory within a tape for what a merge cannot hold in memory. */
const TEMPORARY_DIRECTORY = 'merging';

export interface MergingOwner {
  readonly segments: () => Promise<readonly StoredSegment[]>;
  readonly makeRoom: (bytes: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** Merges small segments beside the recording. */
export class Merging {
  /** Bytes that merges that run may add to the directory. */
  reserved = 0;
  private running: Promise<void> | undefined;
  private process: MergeProcess | undefined;
  private stopped = false;
  private nextLook = performance.now() + LOOK_EVERY_MS;
  /** Files that are not part of the tape any more. */
  private sources: { readonly paths: readonly string[]; readonly bytes: number; readonly since: number }[] =
    [];

  constructor(
    private readonly writer: TapeWriter,
    private readonly limits: DiskLimits,
    private readonly owner: MergingOwner,
  ) {}

  /** Bytes of files that were merged and are not removed yet. */
  get sourceBytes(): number {
    return this.sources.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Starts what is worth merging, if nothing runs. */
  tend(): void {
    if (this.running !== undefined || this.stopped || performance.now() < this.nextLook) return;
    this.running = this.mergeAll()
      .then(
        () => LOOK_EVERY_MS,
        (error) => {
          if (!this.stopped) this.owner.say(`small segments cannot be merged: ${reasonOf(error)}`);
          return RETRY_AFTER_MS;
        },
      )
      .then((wait) => {
        this.nextLook = performance.now() + wait;
        this.running = undefined;
      });
  }

  /** Merges until nothing is worth it any more. */
  async mergeAll(): Promise<void> {
    await this.removeSources(SOURCES_STAY_MS);
    const temporary = join(this.writer.directory, TEMPORARY_DIRECTORY);
    try {
      for (let due = await this.due(); due.length > 0 && !this.stopped; due = await this.due()) {
        this.process ??= new MergeProcess();
        await mkdir(temporary, { recursive: true });
        for (const merge of due) await this.merge(merge, this.process, temporary);
      }
    } finally {
      await this.process?.end();
      this.process = undefined;
      this.reserved = 0;
      await rm(temporary, { recursive: true, force: true });
    }
  }

  /** Removes the files that were merged so long ago; false where there are none. */
  async removeSources(olderThanMs = 0): Promise<boolean> {
    const now = performance.now();
    const due = this.sources.filter(({ since }) => now - since >= olderThanMs);
    this.sources = this.sources.filter((one) => !due.includes(one));
    await this.writer.removeFiles(due.flatMap(({ paths }) => paths));
    return due.length > 0;
  }

  /** Ends what runs, and leaves nothing behind. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.process?.end();
    await this.running;
    await this.removeSources();
  }

  private async due(): Promise<Merge[]> {
    return planMerges(await this.owner.segments(), this.writer.removed, this.limits);
  }

  private async merge(
    { table, sources, carry }: Merge,
    process: MergeProcess,
    temporary: string,
  ): Promise<void> {
    const segments = sources.map(({ segment }) => segment);
    const [first] = segments;
    if (first === undefined || this.stopped) return;
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    await this.owner.makeRoom(bytes);
    const held = new Set(this.writer.segments.get(table));
    // What it took to make room may have been these.
    if (!segments.every((segment) => held.has(segment))) return;
    this.reserved = bytes;
    const path = await this.writer.reserve(table, first.node);
    const file = (name: string) => join(this.writer.directory, name);
    const result = await process.merge({
      table,
      sources: segments.map((segment) => file(segment.path)),
      target: `${file(path)}${TEMPORARY}`,
      ...(carry === undefined ? {} : { carry }),
      temporary,
    });
    const merged = mergedSegment(path, segments, result);
    if (await this.writer.replace(table, segments, merged)) {
      const paths = segments.map((segment) => segment.path);
      this.sources.push({ paths, bytes, since: performance.now() });
    } else {
      await rm(`${file(path)}${TEMPORARY}`, { force: true });
    }
    this.reserved = 0;
  }
}

/** The segment that stands for its sources; undefined where it has no rows. */
function mergedSegment(path: string, sources: readonly Segment[], result: MergeResult): Segment | undefined {
  if ('problem' in result) throw new KtapeError(result.problem);
  if (!('sha256' in result)) return undefined;
  const [first] = sources;
  const last = sources.at(-1);
  const received =
    first?.received_since === undefined || last?.received_until === undefined
      ? {}
      : { received_since: first.received_since, received_until: last.received_until };
  return { path, node: first?.node ?? '', ...result, ...received };
}
