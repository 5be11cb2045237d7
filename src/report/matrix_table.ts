import { inert } from '../inert.js';
import { endNames } from '../policy/questions/matrix/end_names.js';
import type { MatrixEnd } from '../policy/questions/matrix/ends.js';
import type { MatrixPair } from '../policy/questions/matrix/matrix.js';
import { shortTimes } from '../tape/time.js';
import { counted } from './counted.js';
import { type MatrixAnswer, matrixTitle } from './matrix_rows.js';
import { bold, type Layout, textParagraph, textTable } from './text_table.js';
import { textWidth } from './text_width.js';

/** More columns than this are no longer read as a picture. */
const GRID_MOST = 16;
/** Columns of the terminal for a column of the grid. */
const CELL = 3;

/**
 * A grid where there are few ends, then a line for each pair that is not wholly open or wholly closed; else a line for
 * each source and ports.
 */
export function matrixTable(answer: MatrixAnswer, layout: Layout): string {
  const { ends, pairs, notes } = answer;
  const named = endNames(ends);
  const grid = gridOf(ends, pairs, named, layout);
  const open = pairs.filter(({ allowed, unknown }) => !allowed.isEmpty || !unknown.isEmpty);
  const partly = open.filter(({ allowed }) => !allowed.isAll);
  const rows = grid === undefined ? mergedRows(open, named) : partly.map((pair) => rowOf(pair, named));
  const closed = pairs.length - open.length;
  const parts = [
    bold(textParagraph(matrixTitle(answer), layout), layout),
    grid ??
      textParagraph(
        `${ends.length} ends are too many for a grid here: --namespace NAME, or --format svg or csv.`,
        layout,
      ),
    rows.length > 0 ? textTable(['from', 'to', 'on'], rows, layout) : undefined,
    grid === undefined
      ? `${counted(closed, 'other pair')} of ${pairs.length}: nothing is allowed.`
      : undefined,
    ...notes.map((note) => textParagraph(shortTimes(note), layout)),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function rowOf(pair: MatrixPair, named: (end: MatrixEnd) => string): string[] {
  return [named(pair.source), named(pair.destination), saidOf(pair)];
}

/** A row for all destinations that a source may reach on the same ports; those of one source together. */
function mergedRows(pairs: readonly MatrixPair[], named: (end: MatrixEnd) => string): string[][] {
  const bySource = new Map<MatrixEnd, Map<string, string[]>>();
  for (const pair of pairs) {
    const byPorts = bySource.get(pair.source) ?? new Map<string, string[]>();
    bySource.set(pair.source, byPorts);
    const said = saidOf(pair);
    byPorts.set(said, [...(byPorts.get(said) ?? []), named(pair.destination)]);
  }
  return [...bySource].flatMap(([source, byPorts]) =>
    [...byPorts].map(([said, destinations]) => [named(source), destinations.join(', '), said]),
  );
}

/** `TCP 80, unknown: UDP 53 (why)`. */
function saidOf({ allowed, unknown, why }: MatrixPair): string {
  if (unknown.isEmpty) return allowed.text;
  const doubt = `unknown: ${unknown.text}${why === undefined ? '' : ` (${shortTimes(why)})`}`;
  return allowed.isEmpty ? doubt : `${allowed.text}; ${doubt}`;
}

/** Rows open connections to columns; undefined where it does not fit. */
function gridOf(
  ends: readonly MatrixEnd[],
  pairs: readonly MatrixPair[],
  named: (end: MatrixEnd) => string,
  layout: Layout,
): string | undefined {
  const names = ends.map((end, i) => `${String(i + 1).padStart(2)} ${inert(named(end))}`);
  const nameWidth = Math.max(...names.map(textWidth), 0);
  if (ends.length > GRID_MOST || nameWidth + ends.length * CELL > layout.width) return undefined;
  const marks = new Map<MatrixEnd, Map<MatrixEnd, string>>();
  for (const pair of pairs) {
    const row = marks.get(pair.source) ?? new Map<MatrixEnd, string>();
    marks.set(pair.source, row.set(pair.destination, markOf(pair)));
  }
  const rows = ends.map((source, i) => {
    const cells = ends.map((destination) => (marks.get(source)?.get(destination) ?? ' ').padStart(CELL));
    return `${padded(names[i] ?? '', nameWidth)}${cells.join('')}`.trimEnd();
  });
  const head = `${padded('from \\ to', nameWidth)}${ends.map((_, i) => String(i + 1).padStart(CELL)).join('')}`;
  return [bold(head, layout), ...rows, '', LEGEND].join('\n');
}

const LEGEND = '● all   ◐ some ports, listed below   · nothing   ? cannot be judged';

function markOf({ allowed, unknown }: MatrixPair): string {
  if (!unknown.isEmpty) return '?';
  if (allowed.isEmpty) return '·';
  return allowed.isAll ? '●' : '◐';
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
