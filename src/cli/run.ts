import { Command, CommanderError } from 'commander';
import { KtapeError, reasonOf, UsageError } from '../errors.js';
import { inertLines } from '../inert.js';
import { toolName } from '../tape/tool.js';
import { COMMANDS } from './commands.js';
import type { Terminal } from './terminal.js';

/** Help is laid out for this many columns where the terminal is not narrower. */
const HELP_WIDTH = 80;

/** Runs one command line; returns the exit status: 0 answered, 1 failed or damaged, 2 misused. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let status = 0;
  try {
    const program = await programOf(args, terminal, (code) => {
      status = code;
    });
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    await terminal.stderr.write(`ktape: ${inertLines(failureText(error))}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function programOf(
  args: readonly string[],
  terminal: Terminal,
  setStatus: (status: number) => void,
): Promise<Command> {
  const width = Math.min(terminal.layout.width, HELP_WIDTH);
  const program = new Command('ktape')
    .description('A flight recorder for Kubernetes nodes: record an incident, then ask it what happened.')
    .version(toolName())
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(inertLines(text)),
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    })
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES);
  // The command may be the second: `ktape help share`.
  const asked = args.slice(0, 2);
  for (const { name, description, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (asked.includes(name)) (await load())(command, terminal, setStatus);
  }
  pointToHelp(program, program.name());
  return program;
}

/** An error on the command line names the help of the command that it is about. */
function pointToHelp(command: Command, line: string): void {
  command.showHelpAfterError(`(${line} --help says what there is)`);
  for (const part of command.commands) pointToHelp(part, `${line} ${part.name()}`);
}

/** A failure that nobody foresaw is shown with where it happened. */
function failureText(error: unknown): string {
  if (error instanceof KtapeError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : reasonOf(error);
}

const EXAMPLES = `
Examples:
  sudo ktape record --out incident.tape --for 10m
  ktape info incident.tape
  ktape report incident.tape network/dropped_by_policy
  ktape sql incident.tape "SELECT reason, count(*) FROM packet_drops GROUP BY 1"

Archives (.tape.tar) stay unpacked in ~/.cache/ktape, at most 10 GiB of them.
Exit status: 0 answered, 1 failed or damage found, 2 misused.`;
