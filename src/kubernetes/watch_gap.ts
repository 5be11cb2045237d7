/** A stretch in which objects of a kind were not watched. Nanoseconds since the Unix epoch. */
export interface WatchGap {
  readonly kind: string;
  readonly since: bigint;
  readonly until: bigint;
  /** What kept the recorder from watching, in words. */
  readonly reason: string;
}
