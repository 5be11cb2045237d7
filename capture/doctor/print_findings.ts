import { inert, inertJson } from '../../src/inert.js';
import type { Finding } from './finding.js';

/** So few columns for the particulars make them harder to read than lines that are too long. */
const NARROWEST = 20;

/**
 * Findings as JSON, or as lines that begin with what they found.
 * @param columns of the terminal, at which particulars go on in the next line
 */
export function printFindings(
  findings: readonly Finding[],
  format: 'table' | 'json',
  columns = Number.POSITIVE_INFINITY,
): string {
  if (format === 'json') return `${inertJson(JSON.stringify(findings, null, 2))}\n`;
  const shown = findings.map(({ ok, check, detail }) => ({ ok, check: inert(check), detail: inert(detail) }));
  const width = Math.max(...shown.map(({ check }) => check.length));
  const indent = 8 + 2 + width + 2;
  return shown
    .map(({ ok, check, detail }) => {
      const lines = wrapped(detail, Math.max(columns - indent, NARROWEST));
      return `${ok.padEnd(8)}  ${check.padEnd(width)}  ${lines.join(`\n${' '.repeat(indent)}`)}\n`;
    })
    .join('');
}

/** The text in lines of at most `width` characters, as far as its words are not longer. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
