import { randomInt } from 'node:crypto';
import { type Frame, FrameParser } from '../../capture/probes/frames.js';
import { startProbes } from '../../capture/probes/probes.js';
import { fingerprint } from '../../src/schema/c_header.js';
import { EVENT_HEADER, type EventLayout, eventLayouts } from '../../src/schema/event_layout.js';
import type { Wire } from '../../src/schema/semantic_type.js';
import { tables } from '../../src/schema/tables/index.js';
import { packetDrops } from '../../src/schema/tables/packet_drops.js';
import { OpenBatches } from '../../src/tape/open_batches.js';
import { TapeWriter } from '../../src/tape/writer.js';
import { frameBytes, u32, u64 } from '../capture/probes/frame_bytes.js';
import { openWriter } from './baseline.js';
import { cpuSeconds, inDirectory, median, pinToOneCpu, printFigure } from './measure.js';

/*
 * The stage after the loader: its output, in chunks as a pipe gives them, into columns and Parquet on the disk; the
 * process bound to one processor. The events are packet drops of some hundred flows in the loader's own layout.
 * In turn with it, the same events as objects through parquetjs-lite. Rates are for each second of processor time.
 */

const EVENTS = 400_000;
const BASELINE_EVENTS = 10_000;
const EVENTS_A_FRAME = 500;
const CHUNK_BYTES = 1 << 16;
const SEAL_AT_BYTES = 16 << 20;
const ROUNDS = 7;

const REASONS = ['NETFILTER_DROP', 'NO_SOCKET', 'TCP_INVALID_SYN', 'SOCKET_RCVBUFF'];
const FUNCTIONS = ['nft_do_chain', 'tcp_v4_rcv', 'udp_queue_rcv_one_skb'];
const FUNCTION_BASE = 0xffff_ffff_8100_0000n;

const found = eventLayouts(tables).find(({ table }) => table.name === packetDrops.name);
if (found === undefined) throw new Error('packet_drops has no layout');
const layout: EventLayout = found;

interface Flow {
  readonly source: Buffer;
  readonly destination: Buffer;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly reason: number;
  readonly interface: Buffer;
  readonly cgroup: bigint;
}

const mapped = (...bytes: readonly number[]) =>
  Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff, ...bytes])]);

const flows: readonly Flow[] = Array.from({ length: 300 }, () => ({
  source: mapped(10, 1, randomInt(8), randomInt(1, 255)),
  destination: mapped(10, 1, randomInt(8), randomInt(1, 255)),
  sourcePort: randomInt(32_768, 60_999),
  destinationPort: [443, 8080, 5432, 6379][randomInt(4)] ?? 443,
  reason: randomInt(REASONS.length),
  interface: Buffer.from(`veth${randomInt(1e6).toString(16)}`.padEnd(16, '\0')),
  cgroup: BigInt(randomInt(1e6)),
}));

/** Writes the values of each kind of column. A column is told from others of its kind by its name. */
const WRITERS: Record<Wire, (event: Buffer, at: number, name: string, flow: Flow, number: number) => void> = {
  boot_ns: (event, at, _, __, number) => event.writeBigUInt64LE(5_000_000_000n + BigInt(number) * 9_973n, at),
  u16: (event, at, name, flow) =>
    event.writeUInt16LE(
      name === 'source_port' ? flow.sourcePort : name === 'segments' ? 1 : flow.destinationPort,
      at,
    ),
  u32: (event, at, name) => event.writeUInt32LE(name === 'length' ? 60 : 4_026_532_179, at),
  u64: (event, at, _, flow) => event.writeBigUInt64LE(flow.cgroup, at),
  ip: (event, at, name, flow) => event.set(name === 'source_address' ? flow.source : flow.destination, at),
  ip_protocol: (event, at) => event.writeUInt8(6, at),
  tcp_flags: (event, at) => event.writeUInt8(2, at),
  drop_reason: (event, at, _, flow) => event.writeUInt32LE(flow.reason, at),
  kernel_address: (event, at, _, flow) =>
    event.writeBigUInt64LE(FUNCTION_BASE + BigInt(flow.reason % FUNCTIONS.length), at),
  interface_name: (event, at, _, flow) => event.set(flow.interface, at),
};

/** Events back to back, the first of that number. */
function eventBytes(first: number, count: number): Buffer {
  const bytes = Buffer.alloc(layout.struct.bytes * count);
  for (let i = 0; i < count; i++) {
    const flow = flows[randomInt(flows.length)] as Flow;
    const at = i * layout.struct.bytes;
    bytes.writeUInt32LE(layout.number, at + EVENT_HEADER.offsets.table);
    bytes.writeUInt32LE(0x7fff_ffff, at + EVENT_HEADER.offsets.present);
    for (const { name, wire, offset } of layout.columns)
      WRITERS[wire](bytes, at + offset, name, flow, first + i);
  }
  return bytes;
}

/** What the loader writes: who it is, names, the clock, then events. */
function loaderOutput(events: number): Buffer[] {
  const name = (value: bigint, named: number, text: string) =>
    frameBytes('name', u64(value), u32(named), u32(0), Buffer.from(text));
  const frames = [
    frameBytes('start', u32(fingerprint(tables)), u32(0)),
    ...REASONS.map((reason, i) => name(BigInt(i), 1, reason)),
    ...FUNCTIONS.map((function_, i) => name(FUNCTION_BASE + BigInt(i), 2, function_)),
    frameBytes('clock', u64(1_000_000_000n), u64(1_760_000_000_000_000_000n)),
  ];
  for (let first = 0; first < events; first += EVENTS_A_FRAME) {
    frames.push(frameBytes('events', eventBytes(first, EVENTS_A_FRAME)));
  }
  const bytes = Buffer.concat(frames);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  return chunks;
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
async function writeByLibraries(events: Buffer, directory: string): Promise<void> {
  const writer = await openWriter(packetDrops, directory);
  for (let at = 0; at < events.length; at += layout.struct.bytes) {
    const row: Record<string, unknown> = { node: 'node-a' };
    for (const { name, wire, offset } of layout.columns) row[name] = READERS[wire](events, at + offset);
    await writer.appendRow(row);
  }
  await writer.close();
}

const READERS: Record<Wire, (event: Buffer, at: number) => unknown> = {
  boot_ns: (event, at) => Number(event.readBigUInt64LE(at)),
  u16: (event, at) => event.readUInt16LE(at),
  u32: (event, at) => event.readUInt32LE(at),
  u64: (event, at) => Number(event.readBigUInt64LE(at)),
  ip: (event, at) => event.subarray(at + 12, at + 16).join('.'),
  ip_protocol: (event, at) => (event.readUInt8(at) === 6 ? 'TCP' : String(event.readUInt8(at))),
  tcp_flags: (event, at) => (event.readUInt8(at) === 2 ? 'SYN' : String(event.readUInt8(at))),
  drop_reason: (event, at) => REASONS[event.readUInt32LE(at)],
  kernel_address: (event, at) => FUNCTIONS[Number(event.readBigUInt64LE(at) - FUNCTION_BASE)],
  interface_name: (event, at) => event.toString('latin1', at, at + 16).replace(/\0+$/, ''),
};

pinToOneCpu();
const output = loaderOutput(EVENTS);
const baseline = eventBytes(0, BASELINE_EVENTS);
const rounds = [];
for (let round = 0; round < ROUNDS; round++) {
  const ours = await inDirectory((directory) => cpuSeconds(() => record(output, directory)));
  const theirs = await inDirectory((directory) => cpuSeconds(() => writeByLibraries(baseline, directory)));
  rounds.push({ rate: EVENTS / ours, ratio: (EVENTS / ours) * (theirs / BASELINE_EVENTS) });
}
printFigure({
  name: 'kernel.decode',
  value: median(rounds.map(({ rate }) => rate)),
  unit: 'events/s',
  ratio: median(rounds.map(({ ratio }) => ratio)),
  against: 'objects and parquetjs-lite',
});
