import { inert } from '../inert.js';
import { type Cell, cellText } from '../query/cell.js';

/** A line of RFC 4180. NULL is an empty field and an empty text is `""`; active characters are written out. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  const text = inert(cellText(cell));
  return text === '' || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
