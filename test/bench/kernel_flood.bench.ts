import { join } from 'node:path';
import { FloodedServer } from '../capture/probes/flood.js';
import { whyNotLive } from '../capture/probes/network.js';
import { KERNEL_ONLY, ktapeRows, startRecorder } from '../capture/recorder_process.js';
import { skipped, undoing } from './live.js';
import { inDirectory, printFigure } from './measure.js';

/*
 * The whole recorder and its loader, with the defaults, while nftables drops 100,000 packets a second for ten seconds;
 * the program that sends them runs on the same machine. What is on the tape is held against nftables' own counter.
 */

const RATE = 100_000;
const SECONDS = 10;

function flood(tape: string): Promise<void> {
  return undoing(async (ending) => {
    const server = new FloodedServer(ending);
    const recorder = startRecorder(ending, ['--out', tape, '--probes', 'packet_drops', ...KERNEL_ONLY]);
    await recorder.says(/^recording node/);
    const { seconds } = await server.flood('NETFILTER_DROP', RATE * SECONDS, RATE);
    recorder.child.kill('SIGTERM');
    await recorder.exited;
    const dropped = Number(server.dropped('NETFILTER_DROP'));
    const drops = `SELECT count(*) FROM packet_drops WHERE network_namespace = ${server.inode}`;
    const [[rows = 0] = []] = ktapeRows(tape, `${drops} AND reason = 'NETFILTER_DROP'`);
    const [[lost = 0] = []] = ktapeRows(tape, 'SELECT coalesce(sum(count), 0)::BIGINT FROM losses');
    printFigure({
      name: 'kernel.flood',
      value: Number(rows) / seconds,
      unit: 'events/s',
      ratio: Number(rows) / dropped,
      against: 'packets dropped, by the counter of nftables',
      detail: `${dropped} dropped in ${seconds.toFixed(1)} s, ${rows} rows, ${lost} lost`,
    });
  });
}

if (!skipped('kernel.flood', await whyNotLive())) {
  await inDirectory((directory) => flood(join(directory, 'tape')));
}
