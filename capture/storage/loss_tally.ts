import { type Loss, recordLoss } from '../../src/tape/loss_row.js';
import type { OpenBatches } from '../../src/tape/open_batches.js';

interface Tally {
  readonly first: Loss;
  since: bigint;
  until: bigint;
  times: number;
  count: bigint | undefined;
}

/** Adds up losses that come one by one, so that a thousand refused requests become one row. */
export class LossTally {
  private readonly tallies = new Map<string, Tally>();

  add(loss: Loss): void {
    const key = [loss.source, loss.table, loss.reason, loss.subject].join('\n');
    const tally = this.tallies.get(key);
    if (tally === undefined) {
      const { since, until, count } = loss;
      this.tallies.set(key, { first: loss, since, until, times: 1, count });
      return;
    }
    tally.times++;
    if (loss.since < tally.since) tally.since = loss.since;
    if (loss.until > tally.until) tally.until = loss.until;
    if (tally.count !== undefined)
      tally.count = loss.count === undefined ? undefined : tally.count + loss.count;
  }

  /** Writes what was added since the last time to `losses`. */
  flush(batches: OpenBatches): void {
    for (const { first, since, until, times, count } of this.tallies.values()) {
      const { count: _, detail = '', ...rest } = first;
      const row = {
        ...rest,
        since,
        until,
        detail: times === 1 ? detail : `${times} times, first: ${detail}`,
      };
      recordLoss(batches, count === undefined ? row : { ...row, count });
    }
    this.tallies.clear();
  }
}
