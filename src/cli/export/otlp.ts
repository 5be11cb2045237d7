import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { deliver } from '../../convert/otlp/deliver.js';
import { type Headers, receiverAt } from '../../convert/otlp/receiver.js';
import { type Exported, exportRequests } from '../../convert/otlp/requests.js';
import { writeLines } from '../../convert/otlp/write_lines.js';
import { KtapeError, UsageError } from '../../errors.js';
import { inert } from '../../inert.js';
import { SIGNALS, type Signal } from '../../otlp/signal.js';
import { counted } from '../../report/counted.js';
import { openTapeArgument } from '../open_tape.js';
import { addIdentity, type IdentityOption, TAPE } from '../options.js';
import type { Terminal } from '../terminal.js';
import { timeOption } from '../time_option.js';

interface Options extends IdentityOption {
  readonly to?: string;
  readonly output?: string;
  readonly signals: readonly Signal[];
  readonly since?: bigint;
  readonly until?: bigint;
  /** Records a second. */
  readonly rate?: number;
  readonly skip: number;
}

/** How long a receiver that is not there, or busy, is tried. */
const PATIENCE_MS = 120_000;

/** Where OpenTelemetry's own exporters look for headers, so that tokens need not be in the command line. */
const HEADERS_VARIABLE = 'OTEL_EXPORTER_OTLP_HEADERS';

const NOUNS: Readonly<Record<Signal, string>> = { traces: 'span', metrics: 'data point', logs: 'log record' };

/** `ktape export otlp TAPE`. */
export function addExportOtlp(parent: Command, terminal: Terminal): void {
  const command = parent
    .command('otlp')
    .description('what came by OTLP, as it came: to a receiver, or to a file of JSON lines')
    .argument('<tape>', TAPE)
    .addOption(
      new Option('--to <endpoint>', 'receiver: http://HOST:4318 or grpc://HOST:4317').conflicts('output'),
    )
    .option('-o, --output <file>', 'file of JSON lines, as the Collector writes them')
    .addOption(
      new Option('--signals <list>', `of ${SIGNALS.join(', ')}`)
        .argParser(signalsOption)
        .default(SIGNALS, 'all'),
    )
    .option('--since <time>', 'start of the window, such as 2026-11-22T10:15:30Z', timeOption)
    .option('--until <time>', 'end of the window, not included', timeOption)
    .addOption(
      new Option('--rate <n>', 'records a second at most, such as 5000/s')
        .argParser(rateOption)
        .conflicts('output'),
    )
    .addOption(
      new Option('--skip <n>', 'records that were sent before')
        .argParser(countOption)
        .default(0)
        .conflicts('output'),
    );
  addIdentity(command)
    .addHelpText('after', HELP)
    .action(async (path: string, options: Options) => {
      const tape = await openTapeArgument(path, terminal, options);
      const { signals, since, until, to, output, rate, skip } = options;
      const exported: Exported = { signals, since, until };
      const requests = exportRequests(tape, exported);
      const say = (line: string) => terminal.stderr.write(`${inert(line)}\n`);
      if (output !== undefined) {
        if (existsSync(output)) throw new KtapeError(`${output}: is there already; expected a new file`);
        return say(`${output}: ${numbersOf(await writeLines(requests, output, terminal.onExit))}`);
      }
      if (to === undefined) throw new UsageError('export where to? Give --to ENDPOINT, or -o FILE');
      const receiver = receiverAt(to, headersOf(process.env[HEADERS_VARIABLE] ?? ''));
      terminal.onExit(() => receiver.close());
      const clock = () => performance.now();
      const delivered = await deliver(requests, receiver, {
        rate,
        skip,
        patienceMs: PATIENCE_MS,
        clock,
        sleep,
      }).finally(() => receiver.close());
      for (const message of delivered.messages) await say(`${to} says: ${message}`);
      const rejected =
        delivered.rejected === 0 ? '' : `; ${counted(delivered.rejected, 'record')} REJECTED by it`;
      await say(`${to}: ${numbersOf(delivered.sent)} sent${rejected}`);
    });
}

function numbersOf(numbers: ReadonlyMap<Signal, number>): string {
  return [...numbers].map(([signal, number]) => counted(number, NOUNS[signal])).join(', ') || 'nothing';
}

function signalsOption(text: string): readonly Signal[] {
  return text.split(',').map((name) => {
    const found = SIGNALS.find((signal) => signal === name.trim());
    if (found === undefined) throw new InvalidArgumentError(`"${name}" is none of ${SIGNALS.join(', ')}.`);
    return found;
  });
}

function rateOption(text: string): number {
  const [, number] = /^(\d+)(?:\/s)?$/.exec(text) ?? [];
  if (!(Number(number) > 0)) throw new InvalidArgumentError('Expected records a second, such as 5000/s.');
  return Number(number);
}

function countOption(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a number of records.');
  return Number(text);
}

/** Headers as OpenTelemetry's specification has them: `name=value,name=value`, percent-encoded. */
function headersOf(text: string): Headers {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`${HEADERS_VARIABLE}: expected name=value,name=value`);
      }
      return [name.toLowerCase(), decodeURIComponent(value)];
    }),
  );
}

const HELP = `
What a receiver asks to be sent again is sent again, for two minutes at most;
the error then says with which --skip to go on. Headers, such as a token, are
taken from the environment: OTEL_EXPORTER_OTLP_HEADERS=name=value,name=value.

Examples:
  ktape export otlp incident.tape -o incident.jsonl
  ktape export otlp incident.tape --to http://127.0.0.1:4318 --rate 5000/s`;
