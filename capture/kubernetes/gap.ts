import type { WatchGap } from '../../src/kubernetes/watch_gap.js';

/** Shorter ones, after which nothing was lost, are part of watching: the server ends every watch now and then. */
const WORTH_SAYING_NS = 1_000_000_000n;

/** A long gap is reported in pieces, so that a recorder that is killed has said most of it. */
const PIECE_NS = 30_000_000_000n;

/** Keeps track of when one kind is not being watched, and reports it. */
export class GapTracker {
  private since: bigint | undefined;
  private reason = '';
  private hasReported = false;

  constructor(
    private readonly kind: string,
    private readonly report: (gap: WatchGap) => void,
  ) {}

  /** Watching ended at `time`, or goes on not to work for this reason. */
  begin(time: bigint, reason: string): void {
    if (this.since === undefined) this.hasReported = false;
    this.since ??= time;
    this.reason = reason;
  }

  /** Still not watching at `time`. */
  goOn(time: bigint): void {
    if (this.since === undefined || time - this.since < PIECE_NS) return;
    this.reportUntil(time, this.since);
    this.since = time;
  }

  /** Watching again at `time`. `lossy`: versions in between were never seen, so even the shortest gap counts. */
  end(time: bigint, lossy: boolean): void {
    if (this.since === undefined) return;
    if (lossy || this.hasReported || time - this.since >= WORTH_SAYING_NS) this.reportUntil(time, this.since);
    this.since = undefined;
  }

  private reportUntil(until: bigint, since: bigint): void {
    this.hasReported = true;
    this.report({ kind: this.kind, since, until, reason: this.reason });
  }
}
