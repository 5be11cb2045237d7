import { reasonOf } from '../../src/errors.js';
import type { OpenBatches } from '../../src/tape/open_batches.js';
import type { RowBatch } from '../../src/tape/row_batch.js';
import type { TapeWriter } from '../../src/tape/writer.js';
import { type Journal, removeJournal, removeSealed } from './journal.js';

/** Rows are sealed when they are this old, so that a tape can be read while it is recorded… */
export const SEAL_EVERY_MS = 30_000;

/** …or when they take this much memory. */
const SEAL_AT_BYTES = 96 << 20;

/** Beyond this, rows that cannot be written (a full disk) make the recorder refuse more. */
const FULL_AT_BYTES = 512 << 20;

/** Moves rows from memory to the tape, and the journal along with them. */
export class Store {
  /** Rows that were taken out of the batches and are not on the tape yet. */
  private unwritten: RowBatch[] = [];
  /** Seals run one after the other. */
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;
  /** Why the last attempt to write failed, until one succeeds. */
  problem: string | undefined;

  constructor(
    readonly batches: OpenBatches,
    readonly journal: Journal,
    private readonly writer: TapeWriter,
  ) {}

  /** Whether no more rows can be taken in. */
  get full(): boolean {
    return this.unwritten.reduce((sum, batch) => sum + batch.bytes, this.batches.bytes) > FULL_AT_BYTES;
  }

  /** Seals if the rows have grown large; call it after adding some. */
  sealIfLarge(): void {
    if (this.waiting > 0 || this.problem !== undefined || this.batches.bytes < SEAL_AT_BYTES) return;
    this.seal().catch(() => undefined);
  }

  /** Writes all rows so far to the tape. Where that fails they are kept for the next time. */
  seal(): Promise<void> {
    this.waiting++;
    const sealed = this.turn.then(() => this.sealNow());
    this.turn = sealed
      .then(() => {
        this.problem = undefined;
      })
      .catch((error) => {
        this.problem = reasonOf(error);
      })
      .finally(() => {
        this.waiting--;
      });
    return sealed;
  }

  /** Writes what is left and marks the tape complete; the journal has then served its purpose. */
  async complete(ended: bigint): Promise<void> {
    await this.seal();
    await this.writer.complete(ended);
    await this.journal.close();
    await removeJournal(this.writer.directory);
  }

  private async sealNow(): Promise<void> {
    // In one step, so that the journal files up to `sealed` hold exactly the requests of these rows.
    const { sealed, settled } = this.journal.rotate();
    this.unwritten.push(...this.batches.take());
    await settled;
    await this.writer.seal(this.unwritten, sealed);
    this.batches.giveBack(this.unwritten);
    this.unwritten = [];
    await removeSealed(this.writer.directory, sealed);
  }
}
