import type { Relation } from './relation.js';
import { sqlFiles } from './sql_files.js';
import { parseSqlHeader } from './sql_header.js';

/** A view over the captured tables: `queries/views/pods.sql` is `pods`. */
export interface View extends Relation {
  readonly sql: string;
}

/** All views, each after those it is built on. */
export function views(): View[] {
  const all = sqlFiles('queries/views').map(({ name, path, text }) => ({
    name,
    sql: text,
    ...parseSqlHeader(path, text),
  }));
  const ordered: View[] = [];
  const add = (view: View) => {
    if (ordered.includes(view)) return;
    for (const base of all) if (view.needs.includes(base.name)) add(base);
    ordered.push(view);
  };
  for (const view of all) add(view);
  return ordered;
}
