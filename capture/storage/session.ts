import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from '../../src/schema/table.js';
import type { Loss } from '../../src/tape/loss_row.js';
import { MANIFEST, type Source } from '../../src/tape/manifest.js';
import { OpenBatches } from '../../src/tape/open_batches.js';
import { parseTime } from '../../src/tape/time.js';
import { toolName } from '../../src/tape/tool.js';
import { TapeWriter } from '../../src/tape/writer.js';
import { epochNow } from '../clock.js';
import { nodeFacts } from '../node_facts.js';
import { sayingOnce } from '../say_once.js';
import type { Say } from '../source.js';
import { lockDirectory } from './directory_lock.js';
import { Counts, recordHealth } from './health.js';
import { Journal } from './journal.js';
import { removeJournal } from './journal_files.js';
import { LossTally } from './loss_tally.js';
import { DEFAULT_MAX_MEMORY, memoryLimits } from './memory_limits.js';
import { findUnfinished, type Unfinished } from './recovery.js';
import { DEFAULT_DISK_LIMITS, type DiskLimits } from './retention/limits.js';
import { Retention } from './retention/retention.js';
import { Store, type StoreLimits } from './store.js';

/** What a recording may take: of memory, and of the disk. */
export interface StorageLimits {
  readonly memory: StoreLimits;
  readonly disk: DiskLimits;
}

const DEFAULT_LIMITS: StorageLimits = {
  memory: memoryLimits(DEFAULT_MAX_MEMORY),
  disk: DEFAULT_DISK_LIMITS,
};

/** What the sources write to while one tape is recorded. */
export class Session {
  readonly counts = new Counts();
  readonly store: Store;
  private readonly retention: Retention;
  /** Until when the kernel's events were handed over, nanoseconds since the epoch; undefined where none are recorded. */
  kernelSeenUntil: () => bigint | undefined = () => undefined;
  private readonly sayOnce: Say;
  private readonly shedListeners = new Map<string, (loss: Loss) => void>();
  private readonly tally = new LossTally();
  private readonly opened = epochNow();

  private constructor(
    readonly batches: OpenBatches,
    journal: Journal,
    readonly writer: TapeWriter,
    /** What an earlier recorder left here, if one did. */
    readonly unfinished: Unfinished | undefined,
    say: Say,
    limits: StorageLimits,
  ) {
    this.sayOnce = sayingOnce(say);
    this.retention = new Retention(writer, limits.disk, {
      say,
      clock: epochNow,
      seenUntil: () => this.seenUntil(),
      seal: () => void this.store.seal().catch(() => undefined),
    });
    const owner = {
      measure: () => this.measure(),
      seenUntil: () => this.seenUntil(),
      clock: epochNow,
      makeRoom: (bytes: number) => this.retention.makeRoom(bytes),
      shed: (loss: Loss) => this.shed(loss),
      onProblem: (problem: string | undefined) =>
        say(
          problem === undefined
            ? 'the tape is written again'
            : `cannot write to the tape, will try again: ${problem}`,
        ),
    };
    this.store = new Store(batches, journal, writer, owner, limits.memory);
  }

  /**
   * Begins a tape in the directory, or takes up the one that a dead recorder left there; one that runs for good
   * (`standing`) also the one that it had completed when it was stopped.
   */
  static async open(
    directory: string,
    node: string,
    say: Say,
    limits: StorageLimits = DEFAULT_LIMITS,
    standing = false,
  ): Promise<Session> {
    await lockDirectory(directory);
    const now = epochNow();
    const unfinished = await findUnfinished(directory, standing ? node : undefined);
    const started = unfinished === undefined ? now : parseTime(unfinished.manifest.started);
    const options = { tool: toolName(), started, nodes: [nodeFacts(node, now)] };
    const writer =
      unfinished === undefined
        ? await TapeWriter.create(directory, options)
        : await TapeWriter.resume(directory, unfinished.manifest, options);
    const journal = await Journal.open(directory, unfinished?.nextJournal ?? 1);
    return new Session(new OpenBatches(node), journal, writer, unfinished, say, limits);
  }

  /** Call when every source records: only from then on does the tape vouch for what it holds. */
  async begin(sources: readonly Source[], tables: readonly string[]): Promise<void> {
    const now = epochNow();
    if (this.unfinished === undefined) this.writer.startAt(now);
    else this.lost({ source: 'recorder', reason: 'not started yet', since: this.opened, until: now });
    await this.writer.describe(sources, tables);
  }

  /** Throws where the disk has no room for a recording. */
  async checkRoom(): Promise<void> {
    await this.retention.makeRoom(0);
  }

  /** Call it several times a second: writes, removes and merges what is due. */
  tend(): void {
    this.store.tend();
    this.retention.tend();
  }

  /** Takes note of a loss; it becomes a row with the next measurement. */
  readonly lost = (loss: Loss): void => this.tally.add(loss);

  /** Has the source of a table hear of its rows that were given up for want of room, and from when they were. */
  whenShed(table: Table, listener: (loss: Loss) => void): void {
    this.shedListeners.set(table.name, listener);
  }

  /** Writes the losses so far, and what the recorder used, as rows. */
  measure(): void {
    this.tally.flush(this.batches);
    const { user, system } = process.cpuUsage();
    recordHealth(this.batches, epochNow(), this.counts, {
      cpuMicros: user + system,
      residentBytes: process.memoryUsage.rss(),
    });
  }

  /** Writes everything and marks the tape complete. */
  async complete(): Promise<void> {
    await this.retention.stop();
    await this.store.complete(epochNow());
  }

  /** Removes a tape that was begun and could not be recorded; one that was taken up stays as it was. */
  async discard(): Promise<void> {
    await this.retention.stop();
    await this.store.journal.close();
    if (this.unfinished !== undefined) return;
    const { directory } = this.writer;
    await removeJournal(directory);
    await rm(join(directory, MANIFEST), { force: true });
  }

  private shed(loss: Loss): void {
    this.lost(loss);
    this.sayOnce(`memory is full: rows of ${loss.table} are given up`);
    this.shedListeners.get(loss.table ?? '')?.(loss);
  }

  /** Everything that the sources told of the time before this has become rows. */
  private seenUntil(): bigint {
    const now = epochNow();
    const kernel = this.kernelSeenUntil() ?? now;
    return kernel < now ? kernel : now;
  }
}
