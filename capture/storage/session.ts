import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Loss } from '../../src/tape/loss_row.js';
import { MANIFEST, type Source } from '../../src/tape/manifest.js';
import { OpenBatches } from '../../src/tape/open_batches.js';
import { parseTime } from '../../src/tape/time.js';
import { toolName } from '../../src/tape/tool.js';
import { TapeWriter } from '../../src/tape/writer.js';
import { epochNow } from '../clock.js';
import { nodeFacts } from '../node_facts.js';
import { lockDirectory } from './directory_lock.js';
import { Counts, recordHealth } from './health.js';
import { Journal, removeJournal } from './journal.js';
import { LossTally } from './loss_tally.js';
import { findUnfinished, type Unfinished } from './recovery.js';
import { Store } from './store.js';

/** What the sources write to while one tape is recorded. */
export class Session {
  readonly counts = new Counts();
  private readonly tally = new LossTally();
  private readonly opened = epochNow();

  private constructor(
    readonly batches: OpenBatches,
    readonly store: Store,
    readonly writer: TapeWriter,
    /** What an earlier recorder that died left here, if one did. */
    readonly unfinished: Unfinished | undefined,
  ) {}

  /** Begins a tape in the directory, or takes up the one that a dead recorder left there. */
  static async open(directory: string, node: string): Promise<Session> {
    await lockDirectory(directory);
    const now = epochNow();
    const unfinished = await findUnfinished(directory);
    const started = unfinished === undefined ? now : parseTime(unfinished.manifest.started);
    const options = { tool: toolName(), started, nodes: [nodeFacts(node, now)] };
    const writer =
      unfinished === undefined
        ? await TapeWriter.create(directory, options)
        : await TapeWriter.resume(directory, unfinished.manifest, options);
    const journal = await Journal.open(directory, unfinished?.nextJournal ?? 1);
    const batches = new OpenBatches(node);
    return new Session(batches, new Store(batches, journal, writer), writer, unfinished);
  }

  /** Call when every source records: only from then on does the tape vouch for what it holds. */
  async begin(sources: readonly Source[], tables: readonly string[]): Promise<void> {
    const now = epochNow();
    if (this.unfinished === undefined) this.writer.startAt(now);
    else this.lost({ source: 'recorder', reason: 'not started yet', since: this.opened, until: now });
    await this.writer.describe(sources, tables);
  }

  /** Takes note of a loss; it becomes a row with the next measurement. */
  readonly lost = (loss: Loss): void => this.tally.add(loss);

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
    this.measure();
    await this.store.complete(epochNow());
  }

  /** Removes a tape that was begun and could not be recorded; one that was taken up stays as it was. */
  async discard(): Promise<void> {
    await this.store.journal.close();
    if (this.unfinished !== undefined) return;
    const { directory } = this.writer;
    await removeJournal(directory);
    await rm(join(directory, MANIFEST), { force: true });
  }
}
