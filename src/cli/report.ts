import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { cannedQueryNamed } from '../query/canned.js';
import type { TapeDatabase } from '../query/tape_database.js';
import { renderReport } from '../report/render_report.js';
import { judgesPolicies, runReport } from '../report/run_report.js';
import {
  addDataPlane,
  addFormat,
  addIdentity,
  addParameters,
  type DataPlaneOption,
  type FormatOption,
  givenValues,
  type IdentityOption,
  type ParameterOptions,
  TAPE,
} from './options.js';
import type { Terminal } from './terminal.js';
import { withDatabase } from './with_database.js';

interface ReportOptions extends FormatOption, ParameterOptions, DataPlaneOption, IdentityOption {}

/** `ktape report TAPE NAME`. */
export function defineReport(
  command: Command,
  terminal: Terminal,
  setStatus: (status: number) => void,
): void {
  command.argument('<tape>', TAPE).argument('<name>', 'the question, such as network/dropped_by_policy');
  addIdentity(addDataPlane(addParameters(addFormat(command))))
    .addHelpText('after', HELP)
    .action(async (tape: string, name: string, options: ReportOptions) => {
      const query = cannedQueryNamed(name);
      const { format, dataplane } = options;
      if (dataplane !== undefined && !judgesPolicies(query)) {
        throw new UsageError(`--dataplane ${dataplane}: ${name} does not judge by policies`);
      }
      const ask = async (database: TapeDatabase) => {
        const names = format === 'json' ? 'kinds' : 'families';
        const report = await runReport(database, query, givenValues(options), names);
        const { stdout, stderr } = renderReport(report, format, terminal.layout);
        await terminal.stdout.write(stdout);
        await terminal.stderr.write(stderr);
        if (report.rows === null) setStatus(1);
      };
      await withDatabase(tape, terminal, options, ask);
    });
}

const HELP = `
What the recording lacks is said with every answer: in the table and in JSON
beside the rows, for csv and ndjson on standard error. A question whose tables
were not captured is not answered: exit status 1, and in JSON rows is null.
A question that judges by policies says as whose data plane; --dataplane tells
it (ktape policy explain --help has what they differ in).

Examples:
  ktape report a.tape network/dropped_by_policy
  ktape report a.tape network/dropped_by_policy --dataplane cilium
  ktape report a.tape traces/slow_spans --since 2026-11-22T10:15Z --param top=5
  ktape report a.tape network/drops --format csv > drops.csv`;
