import { inertJson, inertLines } from '../inert.js';
import { allRows } from '../query/bounded_rows.js';
import type { Cell } from '../query/cell.js';
import type { Answer } from '../query/tape_database.js';
import { csvLine } from './csv.js';
import type { Format, Output } from './output.js';
import { type Layout, textTable } from './text_table.js';

/** Where an answer goes, and how text for it is laid out. */
interface Destination {
  readonly stdout: Output;
  readonly layout: Layout;
}

/** Writes an answer in the format asked for; all but a table as the rows come. */
export async function renderAnswer(
  answer: Answer,
  format: Format,
  { stdout, layout }: Destination,
): Promise<void> {
  const names = answer.columns.map(({ name }) => name);
  const asObject = (row: readonly Cell[]) =>
    inertJson(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null]))));
  switch (format) {
    case 'csv':
      await stdout.write(csvLine(names));
      for await (const batch of answer.batches) await stdout.write(batch.map(csvLine).join(''));
      break;
    case 'ndjson':
      for await (const batch of answer.batches) {
        await stdout.write(batch.map((row) => `${asObject(row)}\n`).join(''));
      }
      break;
    case 'json': {
      let separator = '[\n';
      for await (const batch of answer.batches) {
        await stdout.write(batch.map((row, i) => `${i === 0 ? separator : ',\n'}${asObject(row)}`).join(''));
        separator = ',\n';
      }
      await stdout.write(separator === '[\n' ? '[]\n' : '\n]\n');
      break;
    }
    case 'table': {
      const rows = await allRows(answer.batches);
      await stdout.write(`${isPlan(names) ? planText(rows) : textTable(names, rows, layout)}\n`);
    }
  }
}

/** EXPLAIN answers with a drawing of many lines. */
function isPlan(names: readonly string[]): boolean {
  return names.join() === 'explain_key,explain_value';
}

function planText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => inertLines(String(row[1]).trimEnd())).join('\n');
}
