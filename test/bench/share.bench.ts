import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubernetesObjects } from '../../src/schema/tables/kubernetes_objects.js';
import { packetDrops } from '../../src/schema/tables/packet_drops.js';
import type { OpenBatches } from '../../src/tape/open_batches.js';
import { openTape, type Tape } from '../../src/tape/tape.js';
import { shareOf } from '../src/share/share_of.js';
import { bytesOf, makeBenchTape, RECEIVED, type Round } from './bench_tape.js';
import { cpuSeconds, inDirectory, printFigure } from './measure.js';

/*
 * `ktape share` of a tape of spans, log records, packet drops and pods, its search for leaks included. The tape is made
 * by another process, so that the memory measured here is that of sharing. KTAPE_BENCH_MB says how large the tape is to
 * be, 16 MB unless told; seconds are scaled to a gigabyte.
 */

const DROPS = 20_000;
const PODS = 200;
const ASKED_SECONDS = 60;
const ASKED_BYTES = 2 ** 30;

/** Ids, addresses, products and users differ all the time. */
const ROUND: Round = {
  traces: 120,
  logs: 30,
  others: (batches) => {
    appendDrops(batches);
    appendPods(batches);
  },
};

const podIp = () => `10.1.${randomInt(8)}.${randomInt(2, 254)}`;

function appendDrops(batches: OpenBatches): void {
  const batch = batches.of(packetDrops);
  const { columns } = batch;
  for (let i = 0; i < DROPS; i++) {
    columns.time.appendBigint(RECEIVED + BigInt(i) * 1000n);
    columns.reason.appendString('NETFILTER_DROP');
    columns.source_address.appendString(podIp());
    columns.destination_address.appendString(podIp());
    columns.source_port.append(randomInt(32_768, 60_999));
    columns.destination_port.append(8080);
    columns.length.append(60);
    columns.segments.append(1);
    batch.padNulls();
  }
}

function appendPods(batches: OpenBatches): void {
  const batch = batches.of(kubernetesObjects);
  const { columns } = batch;
  for (let i = 0; i < PODS; i++) {
    const name = `checkout-${i}`;
    const metadata = { name, namespace: 'shop', labels: { app: 'checkout' } };
    const object = { kind: 'Pod', apiVersion: 'v1', metadata, status: { podIP: podIp() } };
    columns.time.appendBigint(RECEIVED + BigInt(i));
    columns.observed.appendString('added');
    columns.kind.appendString('Pod');
    columns.api_version.appendString('v1');
    columns.namespace.appendString('shop');
    columns.name.appendString(name);
    columns.object.appendString(JSON.stringify(object));
    batch.padNulls();
  }
}

async function measureShare(tape: Tape, scratch: string): Promise<void> {
  const began = performance.now();
  const cpu = await cpuSeconds(async () => {
    const { leaks } = await shareOf(tape, scratch, scratch, () => undefined);
    if (leaks.length > 0) throw new Error(`${leaks.length} leaks`);
  });
  const seconds = (performance.now() - began) / 1000;
  const scale = 1e9 / bytesOf(tape);
  const against = `${ASKED_SECONDS} s`;
  const detail = `of a tape of ${(bytesOf(tape) / 1e6).toFixed(1)} MB, scaled`;
  const figures = { 'share.seconds_per_gb': seconds, 'share.cpu_seconds_per_gb': cpu };
  for (const [name, value] of Object.entries(figures)) {
    printFigure({
      name,
      value: value * scale,
      unit: 's',
      ratio: (value * scale) / ASKED_SECONDS,
      against,
      detail,
    });
  }
  const peak = process.resourceUsage().maxRSS * 1024;
  printFigure({
    name: 'share.peak_rss',
    value: peak / 2 ** 20,
    unit: 'MiB',
    ratio: peak / ASKED_BYTES,
    against: '1 GiB',
  });
}

const [directory] = process.argv.slice(2);
if (directory !== undefined) await makeBenchTape(directory, ROUND);
else {
  await inDirectory(async (scratch) => {
    const path = join(scratch, 'bench.tape');
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), path], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('the tape was not made');
    const tape = await openTape(path);
    await measureShare(tape, scratch);
  });
}
