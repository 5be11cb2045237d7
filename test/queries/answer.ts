import { cannedQueryNamed } from '../../src/query/canned.js';
import type { Cell } from '../../src/query/cell.js';
import { type Report, runReport } from '../../src/report/run_report.js';
import { type TinyTables, type TinyTapeOptions, withTinyTape } from '../tiny_tape.js';

/** The report on a tape of these rows. */
export function reportOn(
  tables: TinyTables,
  name: string,
  given: Readonly<Record<string, string>> = {},
  options: TinyTapeOptions = {},
): Promise<Report> {
  return withTinyTape(
    tables,
    (database) => runReport(database, cannedQueryNamed(name), new Map(Object.entries(given))),
    options,
  );
}

/** The rows of a report as objects, of the given columns or of all. */
export function rowObjects({ columns, rows }: Report, ...names: readonly string[]): Record<string, Cell>[] {
  const shown = names.length === 0 ? columns.map(({ name }) => name) : names;
  return (rows ?? []).map((row) =>
    Object.fromEntries(
      shown.map((name) => [name, row[columns.findIndex((one) => one.name === name)] ?? null]),
    ),
  );
}
