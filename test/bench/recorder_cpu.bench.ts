import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FloodedServer } from '../capture/probes/flood.js';
import { whyNotLive } from '../capture/probes/network.js';
import { KERNEL_ONLY, startRecorder } from '../capture/recorder_process.js';
import { skipped, undoing } from './live.js';
import { inDirectory, printFigure } from './measure.js';
import { sum, usedCpuSeconds, withChildren } from './processes.js';

/*
 * Processor time of the recorder and its loader while nftables drops 10,000 packets a second. Rows are sealed every
 * 30 seconds: so long a time has all the work in it. It begins after the first time, which takes four times as much as
 * later ones, since its code is not compiled yet.
 */

const RATE = 10_000;
const WARM_UP_SECONDS = 35;
const SECONDS = 30;

function measure(tape: string): Promise<void> {
  return undoing(async (ending) => {
    const server = new FloodedServer(ending);
    const recorder = startRecorder(ending, ['--out', tape, '--probes', 'packet_drops', ...KERNEL_ONLY]);
    await recorder.says(/^recording node/);
    const pids = withChildren(recorder.child.pid ?? 0);
    const sending = server.flood('NETFILTER_DROP', (WARM_UP_SECONDS + SECONDS + 1) * RATE, RATE);
    await sleep(WARM_UP_SECONDS * 1000);
    const began = performance.now();
    const before = usedCpuSeconds(pids);
    await sleep(SECONDS * 1000);
    const after = usedCpuSeconds(pids);
    const seconds = (performance.now() - began) / 1000;
    const shares = after.map((used, i) => (used - (before[i] ?? 0)) / seconds);
    const sent = await sending;
    const [own = 0, loader = 0] = shares.map((share) => (100 * share).toFixed(1));
    printFigure({
      name: 'recorder.cpu',
      value: 100 * sum(shares),
      unit: '% of a core',
      ratio: sum(shares) / (sent.cpuSeconds / sent.seconds),
      against: 'the program that sends the packets',
      detail: `at ${RATE} events/s: recorder ${own} %, loader ${loader} %`,
    });
  });
}

if (!skipped('recorder.cpu', await whyNotLive())) {
  await inDirectory((directory) => measure(join(directory, 'tape')));
}
