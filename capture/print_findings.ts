import type { Finding } from './doctor.js';

/** Findings as JSON, or as lines that begin with what they found. */
export function printFindings(findings: readonly Finding[], format: 'table' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(findings, null, 2)}\n`;
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ ok, check, detail }) => `${ok.padEnd(8)}  ${check.padEnd(width)}  ${detail}\n`)
    .join('');
}
