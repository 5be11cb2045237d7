/** What the process that merges is asked to do. Paths are absolute. */
export interface MergeJob {
  readonly table: string;
  /** Segment files, in the order in which they were received. */
  readonly sources: readonly string[];
  /** The file to write. */
  readonly target: string;
  readonly carry?: 'last' | 'living';
  /** A directory for what does not fit in memory. */
  readonly temporary: string;
}

/** What became of it: the new file, no file where no row is left, or why there is none. */
export type MergeResult =
  | {
      readonly rows: number;
      readonly bytes: number;
      readonly first_time: string;
      readonly last_time: string;
      readonly sha256: string;
    }
  | { readonly rows: 0 }
  | { readonly problem: string };
