import { sqlList } from '../../tape/sql/literals.js';
import { segmentFiles, type Tape } from '../../tape/tape.js';
import type { SegmentDatabase } from '../segment_database.js';

/** Tables whose rows belong to rows of others, and go where those go: the column that names them, and their tables. */
const CHILD_OF: Readonly<Record<string, { readonly column: string; readonly parents: readonly string[] }>> = {
  span_events: { column: 'span_row_id', parents: ['spans'] },
  span_links: { column: 'span_row_id', parents: ['spans'] },
  exemplars: {
    column: 'point_row_id',
    parents: ['metric_points', 'histogram_points', 'exponential_histogram_points', 'summary_points'],
  },
};

/** The tables that the rows of this one belong to; none where they stand for themselves. */
export function parentsOf(table: string): readonly string[] {
  return CHILD_OF[table]?.parents ?? [];
}

/**
 * The conditions that a row of the table belongs to a row of its parents that is in the window, and to one that is
 * chosen besides.
 */
export async function belongsTo(
  database: SegmentDatabase,
  tape: Tape,
  table: string,
  conditions: (parent: string) => { readonly within: string; readonly chosen: string },
): Promise<readonly [string, string]> {
  const { column, parents } = CHILD_OF[table] ?? { column: '', parents: [] };
  const kept = `kept_${table}_parents`;
  await database.run(`CREATE TEMP TABLE ${kept} (row_id UBIGINT, node VARCHAR, chosen BOOLEAN)`);
  for (const parent of parents) {
    const files = (await segmentFiles(tape, parent)) ?? [];
    if (files.length === 0) continue;
    const { within, chosen } = conditions(parent);
    await database.run(
      `INSERT INTO ${kept} SELECT row_id, node, ${chosen} FROM read_parquet(${sqlList(files)}) WHERE ${within}`,
    );
  }
  const among = (condition: string) =>
    `(${column}, node) IN (SELECT row_id, node FROM ${kept} WHERE ${condition})`;
  return [among('true'), among('chosen')];
}
