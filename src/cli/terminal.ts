import type { Output } from '../report/output.js';
import type { Layout } from '../report/text_table.js';

/** The world that a command acts on. */
export interface Terminal {
  /** Answers. */
  readonly stdout: Output;
  /** Everything else. */
  readonly stderr: Output;
  /** How text for standard output is laid out. */
  readonly layout: Layout;
  /** Whether somebody sees what is written to `stderr` as it comes. */
  readonly isWatched: boolean;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Standard input as it comes. */
  inputChunks(): AsyncIterable<Uint8Array>;
  /** A directory for what does not fit in memory, removed when the process ends. */
  temporaryDirectory(): string;
  /** A directory for what is worth keeping until the next time; it may not be there yet. */
  cacheDirectory(): string;
  /** Has something done when the process ends, also when it is told to. */
  onExit(cleanUp: () => void): void;
}
