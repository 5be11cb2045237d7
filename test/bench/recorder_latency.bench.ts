import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Lab, labUnavailable, startLab } from '../../fixtures/lab/lab.js';
import { skipped } from './live.js';
import { inDirectory, median, printFigure } from './measure.js';
import { sum } from './processes.js';
import { connectionsTo, endRecording, recordShop, untilConnected, type Visit, visitShop } from './shop.js';

/*
 * What the recorder adds to the latency of the lab's shop: stretches with and without it in pairs, the first of a pair
 * by turns, so that what else goes on on the machine meets both. With it, all programs send it their telemetry; without
 * it, they try to. Of each stretch the median request counts.
 */

const PAIRS = 12;
/** Of Student's distribution for so many pairs, at 95 %. */
const STUDENT = 2.201;
const STRETCH_MS = 5_000;
/** What starting and ending the recorder itself costs the machine is over by then. */
const SETTLE_MS = 3_000;
const FIRST_TELEMETRY_MS = 8_000;

/** The shop, with the recorder or without it. */
class Stage {
  private recorder: Awaited<ReturnType<typeof recordShop>> | undefined;
  private tapes = 0;
  private connections = 0;

  constructor(
    private readonly lab: Lab,
    private readonly directory: string,
    private readonly visits: readonly Visit[],
  ) {}

  /** Learns how many programs send telemetry. */
  async begin(): Promise<void> {
    await this.set(true);
    await sleep(FIRST_TELEMETRY_MS);
    if (this.recorder === undefined) return;
    this.connections = connectionsTo(this.recorder, this.lab.otlpGrpcPort);
  }

  async set(recorded: boolean): Promise<void> {
    if (recorded === (this.recorder !== undefined)) return;
    if (this.recorder !== undefined) {
      await endRecording(this.recorder);
      this.recorder = undefined;
    } else {
      this.recorder = await recordShop(this.lab, join(this.directory, `${this.tapes++}`));
      await untilConnected(this.recorder, this.lab.otlpGrpcPort, this.connections);
    }
    await sleep(SETTLE_MS);
  }

  /** Milliseconds that a request takes in a stretch of time. */
  async latency(): Promise<number> {
    const began = Date.now();
    await sleep(STRETCH_MS);
    const ended = Date.now();
    const within = this.visits.filter(({ sentAt }) => sentAt >= began && sentAt < ended);
    return median(within.map(({ milliseconds }) => milliseconds));
  }
}

async function measure(lab: Lab, directory: string): Promise<void> {
  const stage = new Stage(lab, directory, visitShop(lab));
  await stage.begin();
  const pairs: { readonly recorded: number; readonly alone: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const latencies = { recorded: 0, alone: 0 };
    for (const recorded of pair % 2 === 0 ? [true, false] : [false, true]) {
      await stage.set(recorded);
      latencies[recorded ? 'recorded' : 'alone'] = await stage.latency();
    }
    pairs.push(latencies);
  }
  await stage.set(false);
  const added = pairs.map(({ recorded, alone }) => recorded - alone);
  const mean = sum(added) / PAIRS;
  const deviation = Math.sqrt(sum(added.map((each) => (each - mean) ** 2)) / (PAIRS - 1));
  const half = (STUDENT * deviation) / Math.sqrt(PAIRS);
  const alone = sum(pairs.map((pair) => pair.alone)) / PAIRS;
  printFigure({
    name: 'recorder.added_latency',
    value: mean,
    unit: 'ms',
    ratio: (alone + mean) / alone,
    against: 'the shop without the recorder',
    detail: `95 % interval ${(mean - half).toFixed(2)} to ${(mean + half).toFixed(2)} ms, ${PAIRS} pairs, ${alone.toFixed(1)} ms without`,
  });
}

if (!skipped('recorder.added_latency', labUnavailable())) {
  const lab = await startLab();
  await inDirectory((directory) => measure(lab, directory)).finally(() => lab.stop());
  // What the lab has started does not end by itself.
  process.exit();
}
