import { inert } from '../inert.js';
import type { ConnectionSet } from '../policy/questions/matrix/connection_set.js';
import { endNames } from '../policy/questions/matrix/end_names.js';
import type { MatrixEnd } from '../policy/questions/matrix/ends.js';
import type { MatrixPair } from '../policy/questions/matrix/matrix.js';
import { shortTimes } from '../tape/time.js';
import { type MatrixAnswer, matrixTitle } from './matrix_rows.js';
import { textParagraph } from './text_table.js';
import { textWidth } from './text_width.js';

/** All lengths are in pixels. */
const CELL = { width: 76, height: 28 };
const MARGIN = 24;
const TITLE = 40;
const LINE = 18;
/** Of a character at 12 px, about. */
const CHARACTER = 6.6;
const LABEL_MOST = 40;
/** Sine and cosine of the angle at which columns are named. */
const SLANT = Math.SQRT1_2;

const FONT = 'ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif';

/** Dark enough on light, and apart in lightness too: for those who do not tell red from green, and for print. */
const LOOKS = {
  all: { fill: '#1b6e5a', text: '#ffffff', legend: 'every port allowed' },
  some: { fill: '#bfe3d6', text: '#0f3d32', legend: 'these ports allowed' },
  none: { fill: '#f4f4f2', text: '#8a8a85', legend: 'nothing allowed' },
  unknown: { fill: '#f6c453', text: '#4a3300', legend: 'cannot be judged' },
} as const;
type Look = keyof typeof LOOKS;

/** A picture that needs nothing beside it: rows open connections to columns. Every text is escaped. */
export function matrixSvg(answer: MatrixAnswer): string {
  const { ends, pairs, notes } = answer;
  const named = endNames(ends);
  const labels = ends.map((end) => shortened(inert(named(end)), LABEL_MOST));
  const widest = Math.max(...labels.map(textWidth), 10) * CHARACTER;
  const left = MARGIN + widest + 12;
  const top = MARGIN + TITLE + widest * SLANT + 16;
  const gridWidth = ends.length * CELL.width;
  const below = top + ends.length * CELL.height + 28;
  const width = Math.ceil(Math.max(left + gridWidth + widest * SLANT, 640) + MARGIN);
  const lines = notes.flatMap((note) =>
    textParagraph(shortTimes(note), {
      width: Math.floor((width - 2 * MARGIN) / CHARACTER),
      colour: false,
    }).split('\n'),
  );
  const height = Math.ceil(below + 24 + lines.length * LINE + MARGIN);
  const title = matrixTitle(answer);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${FONT}' font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, MARGIN + 14, title, 'font-size="16" font-weight="600" fill="#1c1c1a"'),
    text(MARGIN, MARGIN + 32, 'Rows open connections to columns.', 'fill="#5c5c57"'),
    ...labels.map((label, i) => {
      const y = top + (i + 0.5) * CELL.height + 4;
      return text(left - 10, y, label, 'text-anchor="end" fill="#1c1c1a"');
    }),
    ...labels.map((label, i) => {
      const [x, y] = [round(left + (i + 0.5) * CELL.width), round(top - 8)];
      return text(x, y, label, `transform="rotate(-45 ${x} ${y})" fill="#1c1c1a"`);
    }),
    ...cells(ends, pairs, named, left, top),
    ...legend(below),
    ...lines.map((line, i) => text(MARGIN, below + 36 + i * LINE, line, 'fill="#5c5c57"')),
    '</svg>\n',
  ].join('\n');
}

function cells(
  ends: readonly MatrixEnd[],
  pairs: readonly MatrixPair[],
  named: (end: MatrixEnd) => string,
  left: number,
  top: number,
): string[] {
  const places = new Map(ends.map((end, i) => [end, i]));
  return pairs.map((pair) => {
    const x = left + (places.get(pair.destination) ?? 0) * CELL.width;
    const y = top + (places.get(pair.source) ?? 0) * CELL.height;
    const look = LOOKS[lookOf(pair)];
    const said = saidOf(pair);
    return [
      `<g><title>${escaped(inert(`${named(pair.source)} to ${named(pair.destination)}: ${said.long}`))}</title>`,
      `<rect x="${round(x + 1)}" y="${round(y + 1)}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="3" fill="${look.fill}"/>`,
      text(
        x + CELL.width / 2,
        y + CELL.height / 2 + 4,
        said.short,
        `text-anchor="middle" font-size="11" fill="${look.text}"`,
      ),
      '</g>',
    ].join('');
  });
}

function legend(y: number): string[] {
  return Object.values(LOOKS).map(({ fill, legend }, i) => {
    const x = MARGIN + i * 156;
    return `<rect x="${x}" y="${round(y - 10)}" width="14" height="14" rx="3" fill="${fill}" stroke="#c9c9c4"/>${text(x + 20, y + 1, legend, 'fill="#1c1c1a"')}`;
  });
}

function lookOf({ allowed, unknown }: MatrixPair): Look {
  if (!unknown.isEmpty) return 'unknown';
  if (allowed.isEmpty) return 'none';
  return allowed.isAll ? 'all' : 'some';
}

function saidOf({ allowed, unknown, why }: MatrixPair): { readonly short: string; readonly long: string } {
  if (!unknown.isEmpty) {
    const long = `unknown on ${unknown.text}${why === undefined ? '' : `, ${why}`}; allowed: ${allowed.text}`;
    return { short: '?', long: inert(long) };
  }
  return { short: allowed.isEmpty ? '–' : portsIn(allowed), long: allowed.text };
}

/** What fits in a cell: ports of TCP go without its name. */
function portsIn(allowed: ConnectionSet): string {
  const plain = allowed.text.replace(/^TCP /, '');
  return plain.length <= 11 ? plain : `${allowed.spans.length} ranges`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
