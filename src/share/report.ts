import type { Answer } from '../query/tape_database.js';
import { counted } from '../report/counted.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { type Layout, textParagraph, textTable } from '../report/text_table.js';
import { tableNamed, tables } from '../schema/tables/index.js';
import type { ColumnCount } from './rewrite/column_count.js';
import { plannedColumn } from './rewrite/plan.js';
import type { Rules } from './rules.js';
import type { Tally } from './tally.js';

/** By table, then by column. */
export type Counts = ReadonlyMap<string, ReadonlyMap<string, ColumnCount>>;

interface Reported extends ColumnCount {
  readonly table: string;
  readonly column: string;
  readonly redaction: string;
}

/**
 * What was done to each column of text that has values, and to those that rules change: its class, how many values it
 * has, how many became others, and what some of those became.
 */
export function shareReport(counts: Counts, rules: Rules): Answer {
  const rows = reported(counts, rules).map(({ table, column, redaction, values, replaced, samples }) => [
    table,
    column,
    redaction,
    values,
    replaced,
    samples.join(' '),
  ]);
  return rowsAnswer(['table', 'column', 'class', 'values', 'replaced', 'samples'], rows);
}

/** The same for people to read, without samples, and how many different things were replaced. */
export function shareReportText(counts: Counts, rules: Rules, tally: Tally, layout: Layout): string {
  const rows = reported(counts, rules).map(({ table, column, redaction, values, replaced }) => [
    `${table}.${column}`,
    redaction,
    values,
    replaced,
  ]);
  const others = [...counts].flatMap(([table, columns]) =>
    [...columns.keys()].filter(
      (column) => !holdsText(table, column) && classOf(table, column, rules) !== 'drop',
    ),
  );
  const stays = others.length === 1 ? 'stays' : 'stay';
  const replaced = tally.texts().join(', ') || 'nothing';
  return [
    textTable(['column', 'class', 'values', 'replaced'], rows, layout),
    textParagraph(`${counted(others.length, 'column')} of times, numbers and counts ${stays}.`, layout),
    textParagraph(`Replaced, each counted once, ids of spans and traces aside: ${replaced}.`, layout),
  ].join('\n\n');
}

function reported(counts: Counts, rules: Rules): Reported[] {
  // Tables come as threads are done with them.
  return tables.flatMap(({ name: table }) =>
    [...(counts.get(table) ?? [])].flatMap(([column, count]) => {
      const isChanged = rules.columns.has(`${table}.${column}`);
      if (count.values === 0 && !isChanged) return [];
      return [{ table, column, redaction: classOf(table, column, rules), ...count }];
    }),
  );
}

function holdsText(table: string, column: string): boolean {
  const physical = tableNamed(table)?.columns[column]?.type.physical ?? 'text';
  return physical.startsWith('text') || physical === 'attributes';
}

function classOf(table: string, column: string, rules: Rules): string {
  const declared = tableNamed(table);
  const found = declared?.columns[column];
  return declared === undefined || found === undefined
    ? ''
    : plannedColumn(declared, column, found, rules).redaction;
}
