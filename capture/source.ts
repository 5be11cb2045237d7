import type { Source } from '../src/tape/manifest.js';

/** Says one line to the person who records. */
export type Say = (line: string) => void;

/** A source that has been started. */
export interface RunningSource {
  /** What it records, and what it cannot. */
  readonly sources: readonly Source[];
  /** Ends it; resolves when all it had is handed over. */
  readonly stop: () => Promise<void>;
}
