import { Command, CommanderError, Option } from 'commander';
import { KtapeError, reasonOf, UsageError } from '../src/errors.js';
import { examine } from './doctor.js';
import { thisMachine } from './machine.js';
import { printFindings } from './print_findings.js';
import { PROBES_DIRECTORY } from './probes/source.js';
import { record } from './record.js';
import { addRecordOptions, DEFAULT_ADDRESSES, KNOWN_PROBES, type RecordOptions } from './record_options.js';

/**
 * The recorder, a program of its own: `ktape record` and `ktape doctor` start it. Exit status 0 when
 * the tape is complete, 1 when it failed, 2 when it was misused.
 */
const program = new Command('ktape').exitOverride();
/** A signal that comes so long after the first ends the recorder at once. */
const INSISTS_AFTER_MS = 1_000;

let status = 0;
// A reader of what is said may go away; the recording goes on.
process.stderr.on('error', () => undefined);
const say = (line: string) => process.stderr.write(`${line}\n`);

addRecordOptions(program.command('record').description('record this node to a tape'), process.env).action(
  async (options: RecordOptions) => {
    const stopped = new AbortController();
    let asked: number | undefined;
    const stop = () => {
      asked ??= Date.now();
      // One wish may come twice, by the terminal and by whoever started this; a later one insists.
      if (Date.now() - asked > INSISTS_AFTER_MS) process.exit(1);
      stopped.abort();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, stop);
    }
    await record(options, say, stopped.signal);
  },
);

program
  .command('doctor')
  .description('say what of this node can be recorded, and what not')
  .addOption(new Option('--format <format>', 'how to print it').choices(['table', 'json']).default('table'))
  .addHelpText(
    'after',
    '\nExit status: 0 when everything can be recorded, 1 when something cannot, 2 misused.',
  )
  .action(async ({ format }: { readonly format: 'table' | 'json' }) => {
    const findings = await examine(thisMachine(PROBES_DIRECTORY, KNOWN_PROBES), DEFAULT_ADDRESSES);
    process.stdout.write(printFindings(findings, format));
    status = findings.some(({ ok }) => ok === 'no') ? 1 : 0;
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  say(`ktape: ${reasonOf(error)}`);
  if (!(error instanceof KtapeError)) say(error instanceof Error ? (error.stack ?? '') : '');
  process.exit(error instanceof UsageError ? 2 : 1);
}
process.exit(status);
