import Table from 'cli-table3';
import { inert } from '../inert.js';
import { type Cell, cellText } from '../query/cell.js';
import { counted } from './counted.js';
import { textWidth } from './text_width.js';

/** How text is laid out: columns of the terminal (Infinity for a pipe), and whether it may be coloured. */
export interface Layout {
  readonly width: number;
  readonly colour: boolean;
}

/** Columns between two columns of a table. */
const GAP = 2;
/** Rows that the library lays out at once: its time grows with their square. */
const CHUNK = 100;
/** A column is not wrapped to less than this; rather each row becomes a block of its own. */
const NARROWEST = 24;

/** A cell shows so many characters at most: laying out a text takes time that grows with more than its length. */
const LONGEST_CELL = 2_000;

const NO_LINES = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
  ]),
);

/** Rows under their column names; where they are too wide even with one column wrapped, a block for each row. */
export function textTable(
  columnNames: readonly string[],
  rows: readonly (readonly Cell[])[],
  layout: Layout,
): string {
  const names = columnNames.map(inert);
  const texts = rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : inert(shown(cellText(cell))))));
  const widths = fittedWidths(
    names.map((name, i) => widest([name, ...texts.map((row) => row[i] ?? '')])),
    layout.width,
  );
  if (widths === undefined) return blocks(names, texts, layout);
  const numbers = names.map(
    (_, i) => rows.some((row) => isNumber(row[i])) && rows.every((row) => isNumber(row[i] ?? 0)),
  );
  return columns([names, ...texts], widths, layout, numbers);
}

/** Names and values side by side, as a block of lines. */
export function textPairs(pairs: readonly (readonly [string, string])[], layout: Layout, indent = 0): string {
  const nameWidth = widest(pairs.map(([name]) => name));
  const room = layout.width - indent - nameWidth - GAP;
  const valueWidth = Math.max(1, Math.min(room, widest(pairs.map(([, value]) => value))));
  return columns(pairs, [nameWidth, valueWidth], { ...layout, colour: false }, [])
    .split('\n')
    .map((line) => ' '.repeat(indent) + line)
    .join('\n');
}

/** Words broken into lines of the layout's width. */
export function textParagraph(text: string, { width }: Layout): string {
  const lines: string[] = [''];
  for (const word of inert(text).split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (textWidth(line) + 1 + textWidth(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

function blocks(names: readonly string[], rows: readonly string[][], layout: Layout): string {
  return rows
    .map((row, i) => {
      const title = bold(`Row ${i + 1} of ${rows.length}`, layout);
      return `${title}\n${textPairs(
        names.map((name, j) => [name, row[j] ?? '']),
        layout,
        2,
      )}`;
    })
    .join('\n\n');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}

/** The widths that fit, the widest column wrapped if it must be; undefined where none do. */
function fittedWidths(natural: readonly number[], width: number): number[] | undefined {
  const total = natural.reduce((sum, one) => sum + one, 0) + GAP * (natural.length - 1);
  if (total <= width) return [...natural];
  const most = natural.indexOf(Math.max(...natural));
  const room = (natural[most] ?? 0) - (total - width);
  return room < NARROWEST ? undefined : natural.map((one, i) => (i === most ? room : one));
}

function columns(
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  layout: Layout,
  numbers: readonly boolean[],
): string {
  const lines: string[] = [];
  for (let start = 0; start < rows.length; start += CHUNK) {
    const table = new Table({
      chars: { ...NO_LINES, middle: '', 'mid-mid': '', 'top-mid': '', 'bottom-mid': '' },
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
      colWidths: widths.map((width) => width + GAP),
      colAligns: widths.map((_, i) => (numbers[i] ? 'right' : 'left')),
      wordWrap: true,
      wrapOnWordBoundary: true,
    });
    for (const row of rows.slice(start, start + CHUNK)) {
      table.push(row.map((text, i) => brokenWords(text, widths[i] ?? 1)));
    }
    for (const line of table.toString().split('\n')) lines.push(line.trimEnd());
  }
  const [head = '', ...rest] = lines;
  return layout.colour ? [bold(head, layout), ...rest].join('\n') : lines.join('\n');
}

function shown(text: string): string {
  const more = text.length - LONGEST_CELL;
  if (more <= 0) return text;
  return `${text.slice(0, LONGEST_CELL)}… (${counted(more, 'more character')}: --format json shows all)`;
}

/** With words that are longer than the column broken: the table would cut them off. */
function brokenWords(text: string, width: number): string {
  return text.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'gu'), (part) => `${part}\n`);
}

/** The text in bold where that is allowed. */
export function bold(text: string, { colour }: Layout): string {
  return colour ? `\u001b[1m${text}\u001b[22m` : text;
}

/** Numbers, also those that are text because they are long. */
function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === 'number' || cell === null || (typeof cell === 'string' && /^-?\d+$/.test(cell));
}
