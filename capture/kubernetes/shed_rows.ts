import type { WatchGap } from '../../src/kubernetes/watch_gap.js';
import { type Backoff, delayMs } from './backoff.js';
import { GapTracker } from './gap.js';

const REASON = 'objects were seen and not kept';

/**
 * Whether the tape lacks rows of a kind that were given and could not be kept: from when on, and when a list may give
 * all objects anew. Every list whose rows are shed too makes the next one wait twice as long.
 */
export class ShedRows {
  private readonly gap: GapTracker;
  /** Whether rows were shed since the last list began. */
  private isLacking = false;
  /** Lists for the sake of what was shed, in a row. */
  private lists = 0;
  private listedAt = 0;
  private notBefore = 0;

  constructor(
    kind: string,
    report: (gap: WatchGap) => void,
    private readonly backoff: Backoff,
  ) {
    this.gap = new GapTracker(kind, report);
  }

  /** Whether the tape lacks any, as far as no list has been kept since. */
  get lacks(): boolean {
    return this.gap.isOpen;
  }

  /** Rows were shed, the first of them of `since`; `now` is in milliseconds. */
  shed(since: bigint, now: number): void {
    this.gap.begin(since, REASON);
    if (this.isLacking) return;
    this.isLacking = true;
    const { firstMs, shedMostMs } = this.backoff;
    if (now - this.listedAt > shedMostMs) this.lists = 0;
    this.notBefore = now + delayMs({ firstMs, mostMs: shedMostMs }, this.lists + 1, Math.random());
  }

  /** Whether a list that gives all objects may begin, if there is room for them. */
  isListDue(now: number): boolean {
    return this.isLacking && now >= this.notBefore;
  }

  /** A list that gives all objects begins. */
  beginList(now: number): void {
    this.isLacking = false;
    this.lists++;
    this.listedAt = now;
  }

  /** The list of `time` is complete. */
  endList(time: bigint): void {
    if (!this.isLacking) this.gap.end(time, true);
  }

  /** What still lacks at `time`, nanoseconds since the epoch, lacks on. */
  goOn(time: bigint): void {
    this.gap.goOn(time);
  }

  /** No list follows. */
  stop(time: bigint): void {
    this.gap.end(time, true);
  }
}
