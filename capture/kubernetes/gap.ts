import type { WatchGap } from '../../src/kubernetes/watch_gap.js';

/** Shorter ones, after which nothing was lost, are part of watching: the server ends every watch now and then. */
const WORTH_SAYING_NS = 1_000_000_000n;

/** A long gap is reported in pieces, so that a recorder that is killed has said most of it. */
const PIECE_NS = 30_000_000_000n;

/** Keeps track of when one kind is not being watched, and reports it. */
export class GapTracker {
  /** From when on it is not told yet; undefined where there is no gap. */
  private since: bigint | undefined;
  /** When it began. */
  private from = 0n;
  private reason = '';
  private hasReported = false;

  constructor(
    private readonly kind: string,
    private readonly report: (gap: WatchGap) => void,
  ) {}

  /** Watching ended at `time`, or goes on not to work for this reason. It may turn out to have ended earlier. */
  begin(time: bigint, reason: string): void {
    this.reason = reason;
    if (this.since !== undefined && time >= this.from) return;
    if (this.since === undefined) this.hasReported = false;
    if (this.hasReported) this.report({ kind: this.kind, since: time, until: this.from, reason });
    else this.since = time;
    this.from = time;
  }

  get isOpen(): boolean {
    return this.since !== undefined;
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
