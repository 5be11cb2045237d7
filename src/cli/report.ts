import type { Command } from 'commander';
import { cannedQueryNamed } from '../query/canned.js';
import { renderReport } from '../report/render_report.js';
import { runReport } from '../report/run_report.js';
import {
  addFormat,
  addParameters,
  type FormatOption,
  givenValues,
  type ParameterOptions,
} from './options.js';
import type { Terminal } from './terminal.js';
import { withDatabase } from './with_database.js';

/** `ktape report TAPE NAME`. */
export function addReport(program: Command, terminal: Terminal, setStatus: (status: number) => void): void {
  const command = program
    .command('report')
    .description('answer a canned question (ktape queries lists them)')
    .argument('<tape>', 'directory of the tape')
    .argument('<name>', 'the question, such as network/dropped_by_policy');
  addParameters(addFormat(command))
    .addHelpText('after', HELP)
    .action(async (tape: string, name: string, options: FormatOption & ParameterOptions) => {
      const query = cannedQueryNamed(name);
      await withDatabase(tape, terminal, async (database) => {
        const names = options.format === 'json' ? 'kinds' : 'families';
        const report = await runReport(database, query, givenValues(options), names);
        const { stdout, stderr } = renderReport(report, options.format, terminal.layout);
        await terminal.stdout.write(stdout);
        await terminal.stderr.write(stderr);
        if (report.rows === null) setStatus(1);
      });
    });
}

const HELP = `
What the recording lacks is said with every answer: in the table and in JSON
beside the rows, for csv and ndjson on standard error. A question whose tables
were not captured is not answered: exit status 1, and in JSON rows is null.

Examples:
  ktape report a.tape network/dropped_by_policy
  ktape report a.tape traces/slow_spans --since 2026-11-22T10:15Z --param top=5
  ktape report a.tape network/drops --format csv > drops.csv`;
