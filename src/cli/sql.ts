import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError, unreadable } from '../errors.js';
import { describedQuery } from '../query/canned.js';
import { baseTables } from '../query/catalog.js';
import { type GivenValues, resolveBounds, resolveParameters } from '../query/parameters.js';
import type { Bindings, TapeDatabase } from '../query/tape_database.js';
import { renderAnswer } from '../report/render_answer.js';
import { notCompleted } from '../tape/not_completed.js';
import { shortTimes } from '../tape/time.js';
import { fromFile } from './option_file.js';
import {
  addFormat,
  addIdentity,
  addParameters,
  type FormatOption,
  givenValues,
  type IdentityOption,
  type ParameterOptions,
  TAPE,
} from './options.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';
import { withDatabase } from './with_database.js';

interface SqlOptions extends FormatOption, ParameterOptions, IdentityOption {
  readonly file?: string;
}

/** `ktape sql TAPE STATEMENT`. */
export function defineSql(command: Command, terminal: Terminal): void {
  command
    .argument('<tape>', TAPE)
    .argument('[statement]', 'one statement that reads; - takes it from standard input')
    .option('--file <path>', 'take the statement from a file');
  addIdentity(addParameters(addFormat(command)))
    .addHelpText('after', HELP)
    .action(async (tape: string, statement: string | undefined, options: SqlOptions) => {
      const text = await statementOf(statement, options.file, terminal);
      const given = givenValues(options);
      await withDatabase(tape, terminal, options, async (database) => {
        const { sql, bindings } = await boundStatement(database, text, given);
        await renderAnswer(await database.ask(sql, bindings), options.format, terminal);
        const notes = notCompleted('The tape', database.tape.manifest);
        await say(terminal, notes.map(shortTimes));
      });
    });
}

/** A text with the header of a canned question has its parameters; in any other, all but the bounds are text. */
async function boundStatement(
  database: TapeDatabase,
  text: string,
  given: GivenValues,
): Promise<{ sql: string; bindings: Bindings }> {
  if (/^-- Columns:$/m.test(text)) {
    const { sql, parameters, needs } = describedQuery('the statement', text);
    return { sql, bindings: await resolveParameters(database, parameters, given, baseTables(needs)) };
  }
  const used = await database.parametersOf(text);
  const unused = [...given.keys()].find((name) => !used.includes(name));
  if (unused !== undefined) {
    throw new UsageError(`the statement has no parameter $${unused}, so that its value would change nothing`);
  }
  const bounds = await resolveBounds(database, [], given);
  return { sql: text, bindings: { ...Object.fromEntries(given), ...bounds } };
}

async function statementOf(
  statement: string | undefined,
  file: string | undefined,
  terminal: Terminal,
): Promise<string> {
  if ((statement === undefined) === (file === undefined)) {
    throw new UsageError('give one statement: as an argument, as - for standard input, or by --file');
  }
  if (statement === '-') return terminal.readInput();
  if (statement !== undefined) return statement;
  return fromFile('--file', file ?? '', (path) =>
    readFile(path, 'utf8').catch((error) => unreadable(path, error)),
  );
}

const HELP = `
A statement may use $since and $until, which without the options span the whole
recording and all rows, and parameters given by --param, which are text. A
canned question (ktape queries NAME) can be copied and changed; its parameters
keep their types and defaults. ktape schema TAPE lists the tables.

Examples:
  ktape sql a.tape "SELECT * FROM pods" --format json
  ktape sql a.tape 'FROM spans WHERE trace_id = $id' \\
    --param id=0af7651916cd43dd8448eb211c80319c
  ktape sql a.tape --file question.sql --since 2026-11-22T10:15Z
  ktape queries network/drops | ktape sql a.tape -`;
