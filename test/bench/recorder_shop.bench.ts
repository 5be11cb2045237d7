import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Lab, labUnavailable, startLab } from '../../fixtures/lab/lab.js';
import { skipped } from './live.js';
import { inDirectory, printFigure } from './measure.js';
import { peakResidentBytes, sum, usedCpuSeconds, withChildren } from './processes.js';
import { endRecording, podProcesses, recordShop, visitShop } from './shop.js';

/*
 * What the recorder and its loader use while they record the lab's shop under load: its traces, metrics and logs, its
 * cluster and its kernel. Rows are sealed every 30 seconds: so long a time has all the work in it. It begins after the
 * first time, when the code is compiled; the memory is the most since the start.
 */

const WARM_UP_SECONDS = 35;
const SECONDS = 30;
const MIB = 1 << 20;

async function measure(lab: Lab, tape: string): Promise<void> {
  visitShop(lab);
  const recorder = await recordShop(lab, tape);
  const pids = withChildren(recorder.pid ?? 0);
  const residentAtFirst = peakResidentBytes(pids);
  await sleep(WARM_UP_SECONDS * 1000);
  const shop = podProcesses(lab);
  const began = performance.now();
  const [ownBefore, shopBefore] = [sum(usedCpuSeconds(pids)), sum(usedCpuSeconds(shop))];
  await sleep(SECONDS * 1000);
  const own = sum(usedCpuSeconds(pids)) - ownBefore;
  const ofShop = sum(usedCpuSeconds(shop)) - shopBefore;
  const ofNode = ((performance.now() - began) / 1000) * cpus().length;
  const resident = peakResidentBytes(pids);
  await endRecording(recorder);
  printFigure({
    name: 'recorder.shop_cpu',
    value: (100 * own) / ofNode,
    unit: '% of the node',
    ratio: own / ofShop,
    against: 'the shop that is recorded',
    detail: `the node has ${cpus().length} processors, the shop used ${((100 * ofShop) / ofNode).toFixed(0)} % of it`,
  });
  printFigure({
    name: 'recorder.rss',
    value: resident / MIB,
    unit: 'MiB',
    ratio: resident / residentAtFirst,
    against: 'the same recorder when it began',
    detail: 'the most that recorder and loader had resident',
  });
}

if (!skipped('recorder.rss', labUnavailable())) {
  const lab = await startLab();
  await inDirectory((directory) => measure(lab, join(directory, 'tape'))).finally(() => lab.stop());
  // What the lab has started does not end by itself.
  process.exit();
}
