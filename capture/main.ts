import { Command, CommanderError } from 'commander';
import { KtapeError, reasonOf, UsageError } from '../src/errors.js';
import { record } from './record.js';
import { addRecordOptions, type RecordOptions } from './record_options.js';

/**
 * The recorder, a program of its own: `ktape record` and `ktape doctor` start it. Exit status 0 when
 * the tape is complete, 1 when it failed, 2 when it was misused.
 */
const program = new Command('ktape').exitOverride();
const say = (line: string) => process.stderr.write(`${line}\n`);

addRecordOptions(program.command('record').description('record this node to a tape'), process.env).action(
  async (options: RecordOptions) => {
    const stopped = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      // Once: a second signal ends the process at once, as a person who insists wants it.
      process.once(signal, () => stopped.abort());
    }
    await record(options, say, stopped.signal);
  },
);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  say(`ktape: ${reasonOf(error)}`);
  if (!(error instanceof KtapeError)) say(error instanceof Error ? (error.stack ?? '') : '');
  process.exit(error instanceof UsageError ? 2 : 1);
}
process.exit(0);
