import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { KtapeError, reasonOf, UsageError } from '../errors.js';
import { counted } from '../report/counted.js';
import { renderAnswer } from '../report/render_answer.js';
import { rowsAnswer } from '../report/rows_answer.js';
import { keptSince } from '../tape/kept.js';
import type { Manifest, Segment } from '../tape/manifest.js';
import { checkPinName, type Pin, readPins, removePin, writePin } from '../tape/pins.js';
import { openTape, type Tape } from '../tape/tape.js';
import { formatTime, parseTime, shortTime } from '../tape/time.js';
import { parseDuration, sizeText } from '../tape/units.js';
import { addFormat, type FormatOption } from './options.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';

interface Options extends FormatOption {
  /** Milliseconds. */
  readonly last?: number;
  readonly name?: string;
  readonly list?: true;
  readonly remove?: string;
}

/** How long the recorder is waited for, which looks for pins every second. */
const SEALED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** `ktape pin TAPE`. */
export function definePin(command: Command, terminal: Terminal): void {
  command
    .argument('<tape>', 'directory of the tape')
    .option('--last <duration>', 'save what came in so long before now, such as 15m', parseLast)
    .option('--name <name>', 'what to call it (default: after the time)', parseName)
    .addOption(new Option('--list', 'show what is pinned').conflicts(['last', 'name', 'remove']))
    .addOption(
      new Option('--remove <name>', 'let go of a pin')
        .argParser(parseName)
        .conflicts(['last', 'name', 'list']),
    );
  addFormat(command)
    .addHelpText('after', HELP)
    .action(async (path: string, { last, name, list, remove, format }: Options) => {
      const tape = await openTape(path);
      if (remove !== undefined) await removePin(tape.directory, remove);
      else if (last !== undefined) await pin(tape, pinOf(last, name), terminal);
      else if (list === undefined)
        throw new UsageError('what to pin? Give --last, such as --last 15m; or --list, or --remove');
      if (list === undefined) return;
      const { pins, problems } = await readPins(tape.directory);
      const rows = pins.map((one) => [one.name, shortTime(one.since), shortTime(one.until), one.by]);
      await renderAnswer(rowsAnswer(['name', 'since', 'until', 'by'], rows), format, terminal);
      await say(
        terminal,
        problems.map(({ message }) => message),
      );
    });
}

async function pin(tape: Tape, wanted: Pin, terminal: Terminal): Promise<void> {
  if (tape.manifest.state === 'complete') {
    throw new KtapeError(
      `${tape.directory}: complete; nothing is removed from a tape that is not being recorded`,
    );
  }
  await writePin(tape.directory, wanted).catch((error) => {
    throw error instanceof KtapeError
      ? error
      : new KtapeError(`${tape.directory}: cannot be pinned: ${reasonOf(error)}`);
  });
  const manifest = await sealedUntil(tape, wanted.until);
  const held = Object.values(manifest.tables).flat().filter(isIn(wanted));
  const bytes = sizeText(held.reduce((sum, segment) => sum + segment.bytes, 0));
  const kept = keptSince(manifest);
  const since = kept > wanted.since && kept < wanted.until ? kept : wanted.since;
  await terminal.stdout.write(
    `${wanted.name}: ${shortTime(since)} to ${shortTime(wanted.until)}, ${counted(held.length, 'segment')}, ${bytes}\n`,
  );
  if (since > wanted.since)
    await say(terminal, [`What came in before ${shortTime(since)} is not on the tape (any more).`]);
  if (!isSealed(manifest, wanted.until)) {
    await say(terminal, [
      `NOT ALL OF IT IS ON THE DISK YET: no recorder has written since ${manifest.seen_until ?? manifest.started}; it will be held when one does.`,
    ]);
  }
}

/** The tape as it is when the recorder has written all until then, or as it is after a while. */
async function sealedUntil({ directory }: Tape, until: bigint): Promise<Manifest> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const { manifest } = await openTape(directory);
    if (isSealed(manifest, until) || waited >= SEALED_WITHIN_MS) return manifest;
    await sleep(LOOK_EVERY_MS);
  }
}

function isSealed({ state, seen_until }: Manifest, until: bigint): boolean {
  return state === 'complete' || (seen_until !== null && parseTime(seen_until) >= until);
}

function isIn({ since, until }: Pin): (segment: Segment) => boolean {
  return ({ received_since, received_until }) =>
    received_since !== undefined &&
    received_until !== undefined &&
    parseTime(received_since) <= until &&
    since <= parseTime(received_until);
}

function pinOf(last: number, name?: string): Pin {
  const now = Date.now();
  const until = BigInt(now) * 1_000_000n;
  const byTime = `pin-${formatTime(until).slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}`;
  const by = `${process.env.USER ?? `user ${process.getuid?.() ?? ''}`} on ${hostname()}`;
  return { name: name ?? byTime, since: until - BigInt(Math.round(last)) * 1_000_000n, until, by };
}

function parseLast(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new InvalidArgumentError('Expected a duration such as 30s, 15m or 24h.');
  return milliseconds;
}

function parseName(text: string): string {
  try {
    checkPinName(text);
  } catch (error) {
    throw new InvalidArgumentError(`${reasonOf(error)}.`);
  }
  return text;
}

const HELP = `
The recorder writes what it has at once, and --keep, --max-size and --min-free
leave alone what came in from then until now. A pin takes disk until it is let
go of: beyond --max-size if need be, never beyond --min-free.

To take the stretch away now, as a tape of its own, cut it by the two times that
are printed: ktape cut TAPE --since FROM --until TO -o PART. What is dated
earlier and came in late stays behind.

Examples:
  ktape pin /var/lib/ktape --last 15m --name checkout-outage
  ktape pin /var/lib/ktape --list
  ktape pin /var/lib/ktape --remove checkout-outage`;
