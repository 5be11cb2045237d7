import type { Answer } from '../query/tape_database.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { tableNamed } from '../schema/tables/index.js';
import type { ColumnCount } from './carrier.js';
import { plannedColumn } from './plan.js';
import type { Rules } from './rules.js';

/**
 * What was done to each column of text that has values, and to those that rules change: its class, how many values it
 * has, how many became others, and what some of those became.
 */
export function shareReport(
  counts: ReadonlyMap<string, ReadonlyMap<string, ColumnCount>>,
  rules: Rules,
): Answer {
  const rows = [...counts].flatMap(([table, columns]) =>
    [...columns].flatMap(([column, count]) => {
      const isChanged = rules.columns.has(`${table}.${column}`);
      if (count.values === 0 && !isChanged) return [];
      const { values, replaced, samples } = count;
      return [[table, column, classOf(table, column, rules), values, replaced, samples.join(' ')]];
    }),
  );
  return rowsAnswer(['table', 'column', 'class', 'values', 'replaced', 'samples'], rows);
}

function classOf(table: string, column: string, rules: Rules): string {
  const declared = tableNamed(table);
  const found = declared?.columns[column];
  return declared === undefined || found === undefined
    ? ''
    : plannedColumn(declared, column, found, rules).redaction;
}
