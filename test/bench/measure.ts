import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One line of a benchmark's output. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio: number;
  readonly against: string;
  /** What the figure alone does not say. */
  readonly detail?: string;
}

export function printFigure(figure: Figure): void {
  console.log(
    JSON.stringify({
      ...figure,
      value: Number(figure.value.toPrecision(4)),
      ratio: Number(figure.ratio.toFixed(2)),
    }),
  );
}

/** Binds all threads of this process to one processor: what they do at the same time counts as one after the other. */
export function pinToOneCpu(): void {
  const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', '0', String(process.pid)], {
    encoding: 'utf8',
  });
  if (status !== 0) console.error(`not bound to one processor: ${stderr || 'taskset is not installed'}`);
}

/** Seconds of processor time, of all threads and of the kernel for them, that the work takes. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The middle one: what a neighbour on the machine disturbs least. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Gives the work a new directory, which is removed afterwards. */
export async function inDirectory<R>(work: (directory: string) => Promise<R>): Promise<R> {
  const directory = await mkdtemp(join(tmpdir(), 'ktape-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
