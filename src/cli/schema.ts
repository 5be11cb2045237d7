import type { Command } from 'commander';
import { closest } from '../closest.js';
import { InvalidFileError, UsageError } from '../errors.js';
import { relations } from '../query/catalog.js';
import { missingTables } from '../query/failure.js';
import type { Relation } from '../query/relation.js';
import { jsonText } from '../report/json_text.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { type Layout, textParagraph, textTable } from '../report/text_table.js';
import { NO_SUCH_TAPE } from '../tape/tape.js';
import { openTapeArgument } from './open_tape.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption } from './options.js';
import type { Terminal } from './terminal.js';

interface SchemaOptions extends FormatOption, IdentityOption {
  readonly table?: string;
}

/** `ktape schema [TAPE | TABLE]`. */
export function defineSchema(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[tape|table]',
      'a tape: only what it captured; or a table or view (default: all that there are)',
    )
    .option('--table <name>', 'only this table or view');
  addIdentity(addFormat(command))
    .addHelpText('after', '\nExamples:\n  ktape schema spans\n  ktape schema incident.tape --table spans')
    .action(async (subject: string | undefined, { format, table, ...option }: SchemaOptions) => {
      const all = relations();
      const isTable = all.some(({ name }) => name === subject);
      const captured = subject === undefined || isTable ? all : await capturedIn(subject, terminal, option);
      const name = table ?? (isTable ? subject : undefined);
      const chosen = name === undefined ? captured : [relationNamed(name, captured)];
      if (format === 'json') return terminal.stdout.write(jsonText(chosen.map(asObject)));
      if (format === 'table') return terminal.stdout.write(`${asText(chosen, terminal.layout)}\n`);
      const rows = chosen.flatMap(({ name, columns }) =>
        columns.map((column) => [name, column.name, column.type, column.doc]),
      );
      await renderAnswer(rowsAnswer(['table', 'column', 'type', 'doc'], rows), format, terminal);
    });
}

/** What the tape captured; a name that is no path may be that of a table, misspelt. */
async function capturedIn(path: string, terminal: Terminal, option: IdentityOption): Promise<Relation[]> {
  const tape = await openTapeArgument(path, terminal, option).catch((error) => {
    const meant = closest(
      path,
      relations().map(({ name }) => name),
    );
    const isMissing = error instanceof InvalidFileError && error.problem === NO_SUCH_TAPE;
    throw isMissing && meant !== '' ? new UsageError(`no table or tape "${path}"${meant}`) : error;
  });
  return relations().filter(({ name }) => missingTables(name, tape).length === 0);
}

function relationNamed(name: string, all: readonly Relation[]): Relation {
  const found = all.find((relation) => relation.name === name);
  if (found !== undefined) return found;
  const names = all.map((relation) => relation.name);
  throw new UsageError(`no table "${name}"${closest(name, names)}; there are: ${names.join(', ')}`);
}

function asObject({ name, title, columns }: Relation) {
  return { name, title, columns };
}

function asText(all: readonly Relation[], layout: Layout): string {
  return all
    .map(({ name, title, columns }) => {
      const rows = columns.map((column) => [column.name, column.type, column.doc]);
      const head = textParagraph(`${name}: ${title}`, layout);
      return `${head}\n\n${textTable(['column', 'type', 'meaning'], rows, layout)}`;
    })
    .join('\n\n\n');
}
