import { reasonOf } from '../../src/errors.js';
import type { Loss } from '../../src/tape/loss_row.js';
import type { OpenBatches } from '../../src/tape/open_batches.js';
import type { RowBatch } from '../../src/tape/row_batch.js';
import type { SealedUpTo, TapeWriter } from '../../src/tape/writer.js';
import type { Journal } from './journal.js';
import { removeJournal, removeSealed } from './journal_files.js';
import { isHeldByJournal, lossesOf } from './shed.js';

/** How much may wait in memory to be written, in bytes, about. */
export interface StoreLimits {
  /** Rows are sealed when they take this much… */
  readonly sealAtBytes: number;
  /** …or when the requests that they came in do, which at the next start would have to be read at once. */
  readonly journalAtBytes: number;
  /** Beyond this the oldest rows that are in no journal are shed, and requests are refused. */
  readonly fullAtBytes: number;
}

/** Rows are sealed when they are this old, so that a tape can be read while it is recorded. */
const SEAL_EVERY_MS = 30_000;

/** How soon writing is tried again where it failed. */
export const RETRY_EVERY_MS = 5_000;

/** What a store asks of whoever fills it, and tells. */
export interface StoreOwner {
  /** Adds rows on the recording itself: those so far are about to be taken. */
  readonly measure: () => void;
  /** All that was told of the time before this is in the rows, in nanoseconds since the epoch. */
  readonly seenUntil: () => bigint;
  /** Nanoseconds since the epoch. */
  readonly clock: () => bigint;
  /** Sees to it that the disk has room for so many bytes; throws where it has not. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  /** Rows are given up. */
  readonly shed: (loss: Loss) => void;
  /** Writing fails, and why, or no longer does. */
  readonly onProblem: (problem: string | undefined) => void;
}

/** Rows that were taken out of the open batches and are not on the tape yet. */
interface Taken {
  batches: readonly RowBatch[];
  readonly upTo: SealedUpTo;
}

/** Moves rows from memory to the tape, and the journal along with them. */
export class Store {
  /** The oldest first. */
  private readonly taken: Taken[] = [];
  private writing: Taken | undefined;
  /** Writes run one after the other. */
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;
  private takenAt = performance.now();
  private triedAt = 0;
  /** Why the last attempt to write failed, until one succeeds. */
  problem: string | undefined;

  constructor(
    readonly batches: OpenBatches,
    readonly journal: Journal,
    private readonly writer: TapeWriter,
    private readonly owner: StoreOwner,
    private readonly limits: StoreLimits,
  ) {}

  /** Whether no more requests can be taken in. */
  get full(): boolean {
    return this.bytes > this.limits.fullAtBytes;
  }

  /** Whether many more rows can be taken in: what is written is, and little waits. */
  get hasRoom(): boolean {
    return this.problem === undefined && this.bytes < this.limits.fullAtBytes / 2;
  }

  /** Writes all rows so far to the tape. Where that fails they are kept for the next time. */
  seal(): Promise<void> {
    this.take(this.journal.rotate());
    return this.write();
  }

  /** Takes the rows so far to be written: the requests of journal files up to `journal`, which an earlier recorder left. */
  takeReplayed(journal: number): void {
    this.take(journal);
  }

  /** Writes what was taken. */
  write(): Promise<void> {
    this.waiting++;
    this.triedAt = performance.now();
    const written = this.turn.then(() => this.writeTaken());
    this.turn = written
      .then(
        () => this.setProblem(undefined),
        (error) => this.setProblem(reasonOf(error)),
      )
      .finally(() => {
        this.waiting--;
      });
    return written;
  }

  /** Seals if the rows have grown large; call it after adding some. */
  sealIfLarge(): void {
    const { sealAtBytes, journalAtBytes } = this.limits;
    if (this.batches.bytes < sealAtBytes && this.journal.bytes < journalAtBytes) return;
    this.take(this.journal.rotate());
    this.writeIfIdle();
  }

  /** Call it several times a second: seals what is large or old, tries again what failed, sheds what is too much. */
  tend(): void {
    this.sealIfLarge();
    const now = performance.now();
    if (this.problem === undefined && now - this.takenAt > SEAL_EVERY_MS) this.take(this.journal.rotate());
    if (this.taken.length > 0 && (this.problem === undefined || now - this.triedAt > RETRY_EVERY_MS)) {
      this.writeIfIdle();
    }
    this.shed();
  }

  /** Writes what is left and marks the tape complete; the journal has then served its purpose. */
  async complete(ended: bigint): Promise<void> {
    await this.seal();
    await this.writer.complete(ended);
    await this.journal.close();
    await removeJournal(this.writer.directory);
  }

  private get bytes(): number {
    return this.taken.reduce((sum, { batches }) => sum + bytesOf(batches), this.batches.bytes);
  }

  /** In one step, so that the journal files up to `journal` hold exactly the requests of these rows. */
  private take(journal: number): void {
    this.owner.measure();
    const upTo = { journal, seen: this.owner.seenUntil(), received: this.owner.clock() };
    this.taken.push({ batches: this.batches.take(), upTo });
    this.takenAt = performance.now();
  }

  private writeIfIdle(): void {
    if (this.waiting === 0) this.write().catch(() => undefined);
  }

  /** One taking after the other: where the disk has room for one, its part of the journal makes room for the next. */
  private async writeTaken(): Promise<void> {
    for (let next = this.taken[0]; next !== undefined; next = this.taken[0]) {
      this.writing = next;
      try {
        await this.owner.makeRoom(bytesOf(next.batches));
        await this.writer.seal(next.batches, next.upTo);
      } finally {
        this.writing = undefined;
      }
      this.taken.shift();
      this.batches.giveBack(next.batches);
      await removeSealed(this.writer.directory, next.upTo.journal);
    }
  }

  /** Gives up the oldest rows, but for those that were acknowledged, as far as it takes to hold the limit. */
  private shed(): void {
    for (const taken of this.taken) {
      if (taken === this.writing) continue;
      for (const batch of taken.batches) {
        if (!this.full) return;
        if (isHeldByJournal(batch)) continue;
        for (const loss of lossesOf(batch, this.problem)) this.owner.shed(loss);
        taken.batches = taken.batches.filter((one) => one !== batch);
        this.batches.giveBack([batch]);
      }
    }
  }

  private setProblem(problem: string | undefined): void {
    if (problem !== this.problem) this.owner.onProblem(problem);
    this.problem = problem;
  }
}

function bytesOf(batches: readonly RowBatch[]): number {
  return batches.reduce((sum, batch) => sum + batch.bytes, 0);
}
