import type { Command } from 'commander';
import { closest } from '../closest.js';
import { UsageError } from '../errors.js';
import { relations } from '../query/catalog.js';
import { missingTables } from '../query/failure.js';
import type { Relation } from '../query/relation.js';
import { jsonText } from '../report/json_text.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { type Layout, textParagraph, textTable } from '../report/text_table.js';
import { openTapeArgument } from './open_tape.js';
import { addFormat, addIdentity, type FormatOption, type IdentityOption } from './options.js';
import type { Terminal } from './terminal.js';

interface SchemaOptions extends FormatOption, IdentityOption {
  readonly table?: string;
}

/** `ktape schema [TAPE]`. */
export function defineSchema(command: Command, terminal: Terminal): void {
  command
    .argument('[tape]', 'a tape: only what it captured; without one, all that there are')
    .option('--table <name>', 'only this table or view');
  addIdentity(addFormat(command))
    .addHelpText('after', '\nExamples:\n  ktape schema --table spans\n  ktape schema incident.tape')
    .action(async (path: string | undefined, { format, table, ...option }: SchemaOptions) => {
      const all = path === undefined ? relations() : await capturedIn(path, terminal, option);
      const chosen = table === undefined ? all : [relationNamed(table, all)];
      if (format === 'json') return terminal.stdout.write(jsonText(chosen.map(asObject)));
      if (format === 'table') return terminal.stdout.write(`${asText(chosen, terminal.layout)}\n`);
      const rows = chosen.flatMap(({ name, columns }) =>
        columns.map((column) => [name, column.name, column.type, column.doc]),
      );
      await renderAnswer(rowsAnswer(['table', 'column', 'type', 'doc'], rows), format, terminal);
    });
}

async function capturedIn(path: string, terminal: Terminal, option: IdentityOption): Promise<Relation[]> {
  const tape = await openTapeArgument(path, terminal, option);
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
