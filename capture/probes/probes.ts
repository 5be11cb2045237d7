import { DecodeError } from '../../src/errors.js';
import { fingerprint } from '../../src/schema/c_header.js';
import type { Table } from '../../src/schema/table.js';
import { tables } from '../../src/schema/tables/index.js';
import type { RowBatch } from '../../src/tape/row_batch.js';
import { BootClock, type ClockJump } from './boot_clock.js';
import { EventDecoder } from './decode.js';
import type { Frame } from './frames.js';
import { KernelNames } from './kernel_names.js';
import type { StartLoader } from './loader.js';
import { ownLoader } from './loader_process.js';

/** What became of a probe. */
export interface ProbeStatus {
  readonly probe: string;
  /** Why it cannot be recorded; undefined where it is attached. */
  readonly failure: string | undefined;
}

/** Rows that the kernel could not send. */
export interface ProbeLoss {
  readonly table: Table;
  readonly cause: 'ring buffer full' | 'recursion';
  /** Drop reason that the lost rows had; undefined where it cannot be known. */
  readonly dropReason: string | undefined;
  readonly count: bigint;
  /** The time in which they were lost, nanoseconds since the epoch. */
  readonly since: bigint;
  readonly until: bigint;
}

/** How recording from the kernel ended. */
interface ProbesEnd {
  /** Why it ended early; undefined when it was told to end, or when no probe could be attached. */
  readonly failure: string | undefined;
  /** All events before this time were handed over, nanoseconds since the epoch; undefined when none were. */
  readonly completeUntil: bigint | undefined;
}

export interface ProbesOptions {
  readonly loader: StartLoader;
  /** Names of the probes that the loader was given, where that is known before it says so. */
  readonly probes: readonly string[];
  /** The batch that the next rows of the table go to; asked for each event. */
  readonly batchOf: (table: Table) => RowBatch;
  readonly onLoss: (loss: ProbeLoss) => void;
  readonly onClockJump: (jump: ClockJump) => void;
}

export interface Probes {
  /** Resolves when every probe was tried: nothing that happens later is missed without being told. */
  readonly ready: Promise<readonly ProbeStatus[]>;
  /** Resolves when all rows and losses were handed over. */
  readonly ended: Promise<ProbesEnd>;
  /** Events decoded so far. */
  readonly events: () => number;
  /** All events before this time were handed over, nanoseconds since the epoch; undefined before the first and at the end. */
  readonly completeUntil: () => bigint | undefined;
  /** Hands over what the kernel still holds and ends; resolves like `ended`. */
  readonly stop: () => Promise<ProbesEnd>;
}

/** Starts to record from the kernel. Fails only by its status and end: without privileges nothing throws. */
export function startProbes(options: ProbesOptions): Probes {
  const recording = new Recording(options);
  const loader = options.loader((frame) => recording.take(frame));
  const ended = loader.ended.then((failure): ProbesEnd => {
    recording.failUntried(failure);
    return { failure, completeUntil: recording.clock.lastReading };
  });
  let running = true;
  ended.then(() => {
    running = false;
  });
  const stop = () => {
    loader.stop();
    return ended;
  };
  return {
    ready: recording.ready,
    ended,
    events: () => recording.events,
    completeUntil: () => (running ? recording.clock.lastReading : undefined),
    stop,
  };
}

/** Loads and attaches each probe for a moment and tells what became of it. */
export async function tryProbes(directory: string, probes: readonly string[]): Promise<ProbeStatus[]> {
  const tried: ProbeStatus[] = [];
  const startLoader = ownLoader(directory, probes, ['--check']);
  const failure = await startLoader((frame) => {
    if (frame.kind === 'start') checkFingerprint(frame.fingerprint);
    if (frame.kind === 'probe') tried.push(statusOf(frame));
  }).ended;
  return probes.map((probe) => tried.find((status) => status.probe === probe) ?? untried(probe, failure));
}

/** Makes rows and losses of frames. */
class Recording {
  readonly clock = new BootClock();
  readonly ready: Promise<readonly ProbeStatus[]>;
  events = 0;
  private readonly names = new KernelNames();
  private readonly decoder = new EventDecoder(tables, { clock: this.clock, names: this.names });
  private readonly tried: ProbeStatus[] = [];
  private toTry = 0;
  private becomeReady: (statuses: readonly ProbeStatus[]) => void = () => undefined;

  constructor(private readonly options: ProbesOptions) {
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
  }

  take(frame: Frame): void {
    switch (frame.kind) {
      case 'start':
        checkFingerprint(frame.fingerprint);
        this.toTry = frame.probes;
        break;
      case 'probe':
        this.tried.push(statusOf(frame));
        if (this.tried.length === this.toTry) this.becomeReady(this.tried);
        break;
      case 'name':
        if (frame.named === 'drop_reason') this.names.nameDropReason(frame.value, frame.name);
        else this.names.nameFunction(frame.value, frame.name);
        break;
      case 'clock': {
        const jump = this.clock.set(frame.bootNs, frame.epochNs);
        if (jump !== undefined) this.options.onClockJump(jump);
        break;
      }
      case 'events':
        this.events += this.decoder.decode(frame.bytes, this.options.batchOf);
        break;
      case 'loss':
        this.options.onLoss(this.lossOf(frame));
        break;
    }
  }

  /** When the loader has ended: probes that it told nothing about have failed with it. */
  failUntried(failure: string | undefined): void {
    const missing = this.options.probes.slice(this.tried.length);
    this.becomeReady([...this.tried, ...missing.map((probe) => untried(probe, failure))]);
  }

  private lossOf(frame: Extract<Frame, { kind: 'loss' }>): ProbeLoss {
    const table = this.decoder.table(frame.table);
    const hasReason = Object.values(table.columns).some(({ type }) => type.wire === 'drop_reason');
    const full = frame.cause === 'ring_buffer_full';
    return {
      table,
      cause: full ? 'ring buffer full' : 'recursion',
      dropReason: full && hasReason ? utf8.decode(this.names.dropReason(frame.reason)) : undefined,
      count: frame.count,
      since: this.clock.epochNs(frame.sinceBootNs),
      until: this.clock.epochNs(frame.untilBootNs),
    };
  }
}

const utf8 = new TextDecoder();

function statusOf({ probe, state, detail }: Extract<Frame, { kind: 'probe' }>): ProbeStatus {
  return { probe, failure: state === 'attached' ? undefined : detail };
}

function untried(probe: string, failure: string | undefined): ProbeStatus {
  return { probe, failure: failure ?? 'the loader ended before it tried' };
}

function checkFingerprint(loaders: number): void {
  const ours = fingerprint(tables);
  if (loaders !== ours) {
    throw new DecodeError(
      `the loader was built for other tables (${loaders.toString(16)}; expected ${ours.toString(16)}): run bpf/build.sh`,
    );
  }
}
