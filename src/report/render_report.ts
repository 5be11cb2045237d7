import { inert, inertJson } from '../inert.js';
import { type Cell, cellText } from '../query/cell.js';
import type { DeclaredColumn } from '../query/sql_header.js';
import { formatTime, parseTime, shortTimes } from '../tape/time.js';
import type { Coverage } from './coverage.js';
import { csvLine } from './csv.js';
import { durationText } from './duration.js';
import { jsonText } from './json_text.js';
import type { Format } from './output.js';
import type { Report } from './run_report.js';
import { bold, type Layout, textParagraph, textTable } from './text_table.js';

/** A report as text for standard output, and what of it is for standard error. */
export interface RenderedReport {
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes a report out. Formats that hold rows only leave the coverage to standard error. */
export function renderReport(report: Report, format: Format, layout: Layout): RenderedReport {
  const { columns, rows } = report;
  const names = columns.map(({ name }) => name);
  const coverage = coverageText(report, layout);
  switch (format) {
    case 'json':
      return { stdout: jsonText(reportObject(report)), stderr: '' };
    case 'ndjson':
      return {
        stdout: rowObjects(report)
          .map((row) => `${inertJson(JSON.stringify(row))}\n`)
          .join(''),
        stderr: coverage,
      };
    case 'csv':
      return { stdout: rows === null ? '' : [names, ...rows].map(csvLine).join(''), stderr: coverage };
    case 'table':
      return rows === null
        ? { stdout: '', stderr: coverage }
        : { stdout: reportText(report, rows, layout), stderr: '' };
  }
}

function reportObject(report: Report) {
  const { query, parameters, dataPlane, columns, rows, coverage } = report;
  return {
    report: query.name,
    title: query.title,
    parameters,
    ...(dataPlane && { dataPlane }),
    columns,
    rows: rows === null ? null : rowObjects(report),
    coverage,
  };
}

function rowObjects({ columns, rows }: Report): Record<string, Cell>[] {
  return (rows ?? []).map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
}

function reportText(report: Report, rows: readonly (readonly Cell[])[], layout: Layout): string {
  const { query, columns } = report;
  const names = columns.map(({ name }) => name.replace(/_ns$/, ''));
  const readable = rows.map((row) => row.map((cell, i) => readableCell(columns[i], cell)));
  const body =
    rows.length === 0
      ? [textParagraph(query.empty, layout)]
      : [
          textTable(names, readable, layout),
          ...(query.read === '' ? [] : [textParagraph(query.read, layout)]),
        ];
  const parts = [heading(report, layout), ...body, coverageText(report, layout).trimEnd()];
  return `${parts.join('\n\n')}\n`;
}

function heading({ query, parameters }: Report, layout: Layout): string {
  const { since, until, ...others } = parameters;
  const window = `From ${shortTimes(cellText(since ?? null))} ${endText(cellText(until ?? null))}`;
  const said = Object.entries(others).map(([name, value]) => `${name}: ${cellText(value)}`);
  const title = bold(textParagraph(query.title, layout), layout);
  return `${title}\n${textParagraph([window, ...said].join('; '), layout)}`;
}

/** The window's end, or its last instant where that is quicker to read. */
function endText(until: string): string {
  const [end, last] = [until, formatTime(parseTime(until) - 1n)].map(shortTimes) as [string, string];
  return last.length < end.length ? `through ${last}` : `to ${end}`;
}

/** Durations in units, times without zeros at the end, lists in words; other formats keep them exact. */
function readableCell(column: DeclaredColumn | undefined, cell: Cell): Cell {
  if (Array.isArray(cell)) return cell.map((item: Cell) => cellText(item)).join(', ');
  if (typeof cell !== 'string') return cell;
  if (column?.type === 'TIMESTAMP_NS') return shortTimes(cell);
  return column?.name.endsWith('_ns') ? durationText(BigInt(cell)) : cell;
}

function coverageText({ query, rows, coverage }: Report, layout: Layout): string {
  const lines = (sentences: readonly string[]) =>
    sentences.map((sentence) => item(sentence, layout)).join('\n');
  if (rows === null) return `${query.name} cannot be answered from this tape.\n${lines(coverage.gaps)}\n`;
  const found = rows.length === 0 ? 'That nothing was found does not mean that nothing happened.' : '';
  const verdict = coverage.complete
    ? `Nothing is known to be missing from what this answer leans on${withinText(coverage)}.`
    : `The recording has gaps that this answer leans on. ${found}`.trimEnd();
  const parts = [
    textParagraph(verdict, layout),
    lines(coverage.gaps.map(shortTimes)),
    coverage.notes.length === 0 ? '' : `Also:\n${lines(coverage.notes)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function withinText({ within }: Coverage): string {
  return within === undefined
    ? ''
    : shortTimes(`, from ${within.since} to ${within.until}; of times before and after nothing is known`);
}

function item(sentence: string, layout: Layout): string {
  const text = textParagraph(inert(sentence), { ...layout, width: layout.width - 4 });
  return `  - ${text.replaceAll('\n', '\n    ')}`;
}
