import type { Command } from 'commander';
import { InvalidFileError } from '../errors.js';
import { type CannedQuery, cannedQueries, cannedQueryNamed } from '../query/canned.js';
import type { Cell } from '../query/cell.js';
import { missingTables } from '../query/failure.js';
import { jsonText } from '../report/json_text.js';
import type { Format } from '../report/output.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { NO_SUCH_TAPE } from '../tape/tape.js';
import { openTapeArgument } from './open_tape.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption } from './options.js';
import type { Terminal } from './terminal.js';

/** `ktape queries [TAPE | NAME]`. */
export function defineQueries(command: Command, terminal: Terminal): void {
  command.argument(
    '[tape|name]',
    'a tape, to see which it can answer, or the name of a question, to read it',
  );
  addIdentity(addFormat(command))
    .addHelpText('after', HELP)
    .action(async (subject: string | undefined, { format, ...option }: FormatOption & IdentityOption) => {
      const all = cannedQueries();
      const shown = all.find(({ name }) => name === subject);
      if (shown !== undefined) return terminal.stdout.write(format === 'json' ? asJson(shown) : shown.text);
      const lacking = subject === undefined ? undefined : await lackingIn(subject, terminal, option);
      const answer = rowsAnswer(
        ['name', 'title', ...(lacking ? ['lacks'] : [])],
        all.map((query) => [
          query.name,
          query.title,
          ...(lacking ? [lacksCell(lacking(query), format)] : []),
        ]),
      );
      await renderAnswer(answer, format, terminal);
    });
}

/** Which tables of each question the tape did not capture; a name that is no path is taken for a question. */
async function lackingIn(
  subject: string,
  terminal: Terminal,
  option: IdentityOption,
): Promise<(query: CannedQuery) => string[]> {
  const tape = await openTapeArgument(subject, terminal, option).catch((error) => {
    if (error instanceof InvalidFileError && error.problem === NO_SUCH_TAPE) cannedQueryNamed(subject);
    throw error;
  });
  return (query) => [...new Set(query.needs.flatMap((need) => missingTables(need, tape)))];
}

function lacksCell(tables: readonly string[], format: Format): Cell {
  return format === 'json' || format === 'ndjson' ? tables : tables.join(', ');
}

function asJson({ text, sql: _, coverageSql: __, ...header }: CannedQuery): string {
  return jsonText({ ...header, text });
}

const HELP = `
Examples:
  ktape queries
  ktape queries incident.tape
  ktape queries traces/slow_spans`;
