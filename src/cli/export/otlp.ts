import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { deliver } from '../../convert/otlp/deliver.js';
import type { Headers } from '../../convert/otlp/receiver.js';
import { receiverAt } from '../../convert/otlp/receiver_at.js';
import { type ExportRequest, exportRequests } from '../../convert/otlp/requests.js';
import { writeLines } from '../../convert/otlp/write_lines.js';
import { KtapeError, UsageError } from '../../errors.js';
import { SIGNALS, type Signal } from '../../otlp/signal.js';
import { counted } from '../../report/counted.js';
import { openTapeArgument } from '../open_tape.js';
import { addIdentity, type IdentityOption, TAPE } from '../options.js';
import { say } from '../say.js';
import type { Terminal } from '../terminal.js';
import { addWindow, type WindowOptions } from '../time_option.js';

type Requests = AsyncIterable<ExportRequest>;

interface Options extends IdentityOption, WindowOptions {
  readonly to?: string;
  readonly output?: string;
  readonly signals: readonly Signal[];
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
    );
  addWindow(command)
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
      const requests = exportRequests(tape, options);
      const { to, output } = options;
      if (output !== undefined) return writeTo(output, requests, terminal);
      if (to === undefined) throw new UsageError('export where to? Give --to ENDPOINT, or -o FILE');
      await deliverTo(to, requests, options, terminal);
    });
}

async function writeTo(file: string, requests: Requests, terminal: Terminal): Promise<void> {
  if (existsSync(file)) throw new KtapeError(`${file}: is there already; expected a new file`);
  const written = await writeLines(requests, file, terminal.onExit);
  await say(terminal, [`${file}: ${numbersOf(written)}`]);
}

async function deliverTo(
  endpoint: string,
  requests: Requests,
  { rate, skip }: Options,
  terminal: Terminal,
): Promise<void> {
  const receiver = receiverAt(endpoint, headersOf(process.env[HEADERS_VARIABLE] ?? ''));
  terminal.onExit(() => receiver.close());
  const clock = () => performance.now();
  const said = new Set<string>();
  const onWait = (why: string) => {
    if (!said.has(why)) void say(terminal, [`${endpoint}: ${why}; trying again, for two minutes at most`]);
    said.add(why);
  };
  const pace = { rate, skip, patienceMs: PATIENCE_MS, clock, sleep, onWait };
  const { sent, rejected, messages } = await deliver(requests, receiver, pace).finally(() =>
    receiver.close(),
  );
  const refused = rejected === 0 ? '' : `; ${counted(rejected, 'record')} REJECTED by it`;
  await say(terminal, [
    ...messages.map((message) => `${endpoint} says: ${message}`),
    `${endpoint}: ${numbersOf(sent)} sent${refused}`,
  ]);
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
