import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyTape } from '../../src/query/verify.js';
import type { Segment } from '../../src/tape/manifest.js';
import { segmentFile, type Tape } from '../../src/tape/tape.js';
import { bytesOf, makeBenchTape } from './bench_tape.js';
import { inDirectory, median, printFigure } from './measure.js';

/*
 * `ktape verify` of tapes of spans and log records, one with segments of a few megabytes and one of about 100 kB,
 * each time right before reading and hashing the same files and nothing else. KTAPE_BENCH_MB says how large each tape
 * is to be, 16 MB unless told.
 */

const PAIRS = 9;

const SHAPES = [
  { name: 'verify.large_segments', traces: 120, logs: 60 },
  { name: 'verify.small_segments', traces: 4, logs: 3 },
];

function segmentsOf({ manifest }: Tape): Segment[] {
  return Object.values(manifest.tables).flat();
}

async function verify(tape: Tape, temporary: string): Promise<void> {
  for await (const { path, problem } of verifyTape(tape, temporary)) {
    if (problem !== null) throw new Error(`${path}: ${problem}`);
  }
}

async function readAndHash(tape: Tape): Promise<void> {
  for (const segment of segmentsOf(tape)) {
    const bytes = await readFile(await segmentFile(tape, segment));
    if (createHash('sha256').update(bytes).digest('hex') !== segment.sha256) throw new Error(segment.path);
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

await inDirectory(async (scratch) => {
  for (const { name, ...round } of SHAPES) {
    const tape = await makeBenchTape(join(scratch, name), round);
    const verified: number[] = [];
    const ratios: number[] = [];
    for (let i = 0; i < PAIRS; i++) {
      const seconds = await secondsOf(() => verify(tape, scratch));
      verified.push(seconds);
      ratios.push((await secondsOf(() => readAndHash(tape))) / seconds);
    }
    const [segments, megabytes] = [segmentsOf(tape).length, bytesOf(tape) / 1e6];
    printFigure({
      name,
      value: megabytes / median(verified),
      unit: 'MB/s',
      ratio: median(ratios),
      against: 'reading and SHA-256 alone',
      detail: `${segments} segments of ${((megabytes * 1000) / segments).toFixed(0)} kB on average`,
    });
  }
});
