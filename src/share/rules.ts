import type { Redaction } from '../schema/semantic_type.js';

/** What somebody who shares a tape wants otherwise than the schema: the content of a rules file. */
export interface Rules {
  /** Classes of columns, by `table.column`. */
  readonly columns: ReadonlyMap<string, Redaction>;
  /** Classes of attributes, by key. */
  readonly attributes: ReadonlyMap<string, Redaction>;
  /** More names to replace wherever they occur. */
  readonly names: readonly string[];
  /** More words that may stay. */
  readonly published: readonly string[];
  /** Why something stays that would have been replaced, by `columns: spans.name` and the like. */
  readonly reasons: ReadonlyMap<string, string>;
}

export const NO_RULES: Rules = {
  columns: new Map(),
  attributes: new Map(),
  names: [],
  published: [],
  reasons: new Map(),
};
