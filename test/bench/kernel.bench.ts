import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Frame, FrameParser } from '../../capture/probes/frames.js';
import { startProbes } from '../../capture/probes/probes.js';
import { type EventLayout, eventLayouts } from '../../src/schema/event_layout.js';
import type { Wire } from '../../src/schema/semantic_type.js';
import { tables } from '../../src/schema/tables/index.js';
import { packetDrops } from '../../src/schema/tables/packet_drops.js';
import { OpenBatches } from '../../src/tape/open_batches.js';
import { TapeWriter } from '../../src/tape/writer.js';
import { FLOOD_REASONS, FloodedServer } from '../capture/probes/flood.js';
import { PROBES_DIRECTORY, whyNotLive } from '../capture/probes/network.js';
import { openWriter } from './baseline.js';
import { skipped, undoing } from './live.js';
import { cpuSeconds, inDirectory, median, pinToOneCpu, printFigure } from './measure.js';

/*
 * The stage after the loader: its output, in chunks as its pipe gave them, into columns and Parquet on the disk; the
 * process bound to one processor. The output is recorded once, from the real loader during a flood of packets that the
 * kernel drops for three reasons. In turn with it, the same events as objects through parquetjs-lite. Rates are for each
 * second of processor time.
 */

const EVENTS = 400_000;
const RATE = 60_000;
const BASELINE_EVENTS = 10_000;
const SEAL_AT_BYTES = 16 << 20;
const ROUNDS = 7;

const found = eventLayouts(tables).find(({ table }) => table.name === packetDrops.name);
if (found === undefined) throw new Error('packet_drops has no layout');
const layout: EventLayout = found;

/** What the loader writes while a server is flooded. */
function recordLoader(): Promise<readonly Buffer[]> {
  return undoing(async (ending) => {
    const server = new FloodedServer(ending);
    const loader = spawn(`${PROBES_DIRECTORY}/loader`, [`${PROBES_DIRECTORY}/packet_drops.bpf.o`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output: Buffer[] = [];
    loader.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    await once(loader.stdout, 'data');
    const each = [Math.ceil(EVENTS / FLOOD_REASONS.length), RATE / FLOOD_REASONS.length] as const;
    await Promise.all(FLOOD_REASONS.map((reason) => server.flood(reason, ...each)));
    loader.kill('SIGTERM');
    await once(loader, 'close');
    return output;
  });
}

/** What the baseline has of the loader's output: its first events back to back, how many there are in all, and names. */
interface Events {
  readonly first: Buffer;
  readonly count: number;
  readonly names: ReadonlyMap<bigint, string>;
}

function eventsOf(output: readonly Buffer[]): Events {
  const names = new Map<bigint, string>();
  const events: Buffer[] = [];
  const parser = new FrameParser();
  for (const chunk of output) {
    for (const frame of parser.push(chunk)) {
      if (frame.kind === 'name') names.set(frame.value, frame.name);
      if (frame.kind === 'events') events.push(frame.bytes);
    }
  }
  const all = Buffer.concat(events);
  const size = layout.struct.bytes;
  return { first: all.subarray(0, BASELINE_EVENTS * size), count: all.length / size, names };
}

/** Records the loader's output into a new tape. */
async function record(output: readonly Buffer[], directory: string): Promise<void> {
  const batches = new OpenBatches('node-a');
  const writer = await TapeWriter.create(directory, { tool: 'bench', started: 0n, nodes: [] });
  await startProbes({
    loader: (take) => ({ ended: feed(output, take, batches, writer), stop: () => undefined }),
    probes: [],
    batchOf: (table) => batches.of(table),
    onLoss: () => undefined,
    onClockJump: () => undefined,
  }).ended;
}

async function feed(
  output: readonly Buffer[],
  take: (frame: Frame) => void,
  batches: OpenBatches,
  writer: TapeWriter,
): Promise<undefined> {
  const parser = new FrameParser();
  for (const chunk of output) {
    for (const frame of parser.push(chunk)) take(frame);
    if (batches.bytes > SEAL_AT_BYTES) await seal(batches, writer);
  }
  parser.end();
  await seal(batches, writer);
}

async function seal(batches: OpenBatches, writer: TapeWriter): Promise<void> {
  const taken = batches.take();
  await writer.seal(taken);
  batches.giveBack(taken);
}

/** Writes the same events as objects, as one would with libraries. */
async function writeByLibraries({ first, names }: Events, directory: string): Promise<void> {
  const writer = await openWriter(packetDrops, directory);
  for (let at = 0; at < first.length; at += layout.struct.bytes) {
    const row: Record<string, unknown> = { node: 'node-a' };
    for (const { name, wire, offset } of layout.columns) row[name] = READERS[wire](first, at + offset, names);
    await writer.appendRow(row);
  }
  await writer.close();
}

const READERS: Record<Wire, (event: Buffer, at: number, names: Events['names']) => unknown> = {
  boot_ns: (event, at) => Number(event.readBigUInt64LE(at)),
  u16: (event, at) => event.readUInt16LE(at),
  u32: (event, at) => event.readUInt32LE(at),
  u64: (event, at) => Number(event.readBigUInt64LE(at)),
  ip: (event, at) => event.subarray(at + 12, at + 16).join('.'),
  ip_protocol: (event, at) => (event.readUInt8(at) === 17 ? 'UDP' : String(event.readUInt8(at))),
  tcp_flags: (event, at) => (event.readUInt8(at) === 2 ? 'SYN' : String(event.readUInt8(at))),
  drop_reason: (event, at, names) => names.get(BigInt(event.readUInt32LE(at))),
  kernel_address: (event, at, names) => names.get(event.readBigUInt64LE(at)),
  interface_name: (event, at) => event.toString('latin1', at, at + 16).replace(/\0+$/, ''),
};

async function measure(): Promise<void> {
  const output = await recordLoader();
  const events = eventsOf(output);
  pinToOneCpu();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await inDirectory((directory) => cpuSeconds(() => record(output, directory)));
    const theirs = await inDirectory((directory) => cpuSeconds(() => writeByLibraries(events, directory)));
    const rate = events.count / ours;
    rounds.push({ rate, ratio: (rate * theirs) / BASELINE_EVENTS });
  }
  printFigure({
    name: 'kernel.decode',
    value: median(rounds.map(({ rate }) => rate)),
    unit: 'events/s',
    ratio: median(rounds.map(({ ratio }) => ratio)),
    against: 'objects and parquetjs-lite',
    detail: `${events.count} events that the loader sent during a flood`,
  });
}

if (!skipped('kernel.decode', await whyNotLive())) await measure();
