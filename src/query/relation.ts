import type { DeclaredColumn } from './sql_header.js';

/** Something that a question can read from: a table, a view, or a table filled when asked for. */
export interface Relation {
  readonly name: string;
  /** What it holds, in one line. */
  readonly title: string;
  /** Tables and views without which it is not there; empty for a table of the tape. */
  readonly needs: readonly string[];
  /** Tables that are enough where some of those needed are missing. */
  readonly orElse?: readonly string[];
  readonly columns: readonly DeclaredColumn[];
}
