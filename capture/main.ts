import { Command, CommanderError, Option } from 'commander';
import { KtapeError, reasonOf, UsageError } from '../src/errors.js';
import { inert, inertLines } from '../src/inert.js';
import { type DoctorOptions, examine } from './doctor/examine.js';
import { thisMachine } from './doctor/machine.js';
import { printFindings } from './doctor/print_findings.js';
import { PROBES_DIRECTORY } from './probes/source.js';
import { record } from './record.js';
import { addRecordOptions, type RecordOptions } from './record_options.js';

/**
 * The recorder, a program of its own: `ktape record` and `ktape doctor` start it. Exit status 0 when
 * the tape is complete, 1 when it failed, 2 when it was misused.
 */
const program = new Command('ktape').exitOverride();
/** A signal that comes so long after the first ends the recorder at once. */
const INSISTS_AFTER_MS = 1_000;

const RECORD_HELP = `
Ctrl-C, SIGTERM or the end of --for completes the tape; a second Ctrl-C ends at
once, and what was recorded can be read. ktape doctor, given the same options,
says beforehand what will work here. Where --keep or --max-size remove what is
old, ktape pin saves what was recorded just now.

Examples:
  sudo ktape record --out incident.tape --for 10m
  sudo ktape record --out incident.tape --kubernetes ~/.kube/config
  sudo ktape record --out /var/lib/ktape/node.tape --keep 24h --max-size 2GiB`;

const DOCTOR_HELP = `
Give it the options that you mean to give to ktape record: what they need is
tried, each probe and each kind of object. Probes are attached for a moment, the
disk of --out gets a few writes; nothing stays.

Exit status: 0 all can be recorded, 1 something cannot, 2 misused.`;

let status = 0;
// A tape holds what a cluster would not tell everybody: it is for the user who records.
process.umask(0o077);
// A reader of what is said may go away; the recording goes on.
process.stderr.on('error', () => undefined);
// It may quote others, such as an API server: nothing of that is for the terminal to act on.
const say = (line: string) => process.stderr.write(`${inert(line)}\n`);

addRecordOptions(program.command('record').description('record this node to a tape'), process.env)
  .addHelpText('after', RECORD_HELP)
  .action(async (options: RecordOptions) => {
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
  });

const doctor = program.command('doctor').description('say what can be recorded here, and what not');
addRecordOptions(doctor, process.env);
// The same command line as for recording; nothing of it has to be there.
for (const option of doctor.options) option.makeOptionMandatory(false);
doctor
  .addOption(new Option('--format <format>', 'how to print it').choices(['table', 'json']).default('table'))
  .addHelpText('after', DOCTOR_HELP)
  .action(async ({ format, ...options }: DoctorOptions & { readonly format: 'table' | 'json' }) => {
    const findings = await examine(thisMachine(PROBES_DIRECTORY), options);
    process.stdout.write(printFindings(findings, format, process.stdout.columns));
    status = findings.some(({ ok }) => ok === 'no') ? 1 : 0;
  });

for (const command of program.commands) {
  command.showHelpAfterError(`(ktape ${command.name()} --help says what there is)`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  say(`ktape: ${reasonOf(error)}`);
  if (error instanceof Error && !(error instanceof KtapeError)) {
    process.stderr.write(`${inertLines(error.stack ?? '')}\n`);
  }
  process.exit(error instanceof UsageError ? 2 : 1);
}
process.exit(status);
