import { open, readdir, rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { KtapeError, reasonOf } from '../../src/errors.js';
import { findUnfinished } from '../storage/recovery.js';
import { type Finding, wanted } from './finding.js';

/** What a disk did when it was tried. */
export interface DiskTrial {
  readonly freeBytes: number;
  /** How long it took to make 4 KiB durable, the median of some times, in milliseconds. */
  readonly syncMs: number;
}

const LITTLE_BYTES = 2 * 2 ** 30;
/** An OTLP client waits for at least one sync before its request is acknowledged. */
const SLOW_MS = 25;
const TRIES = 20;

/** What it means for a tape in this directory; a text says why it could not be tried. */
export function diskFinding(directory: string, trial: DiskTrial | string): Finding {
  const check = `disk ${directory}`;
  if (typeof trial === 'string') return { check, ok: 'no', detail: trial };
  const free = `${(trial.freeBytes / (1 << 30)).toFixed(1)} GiB free`;
  const sync = `${trial.syncMs.toFixed(1)} ms to make a write durable`;
  const problems = [
    ...(trial.freeBytes < LITTLE_BYTES ? [`${free}: a tape may grow by gigabytes a day`] : []),
    ...(trial.syncMs > SLOW_MS ? [`${sync}: so long each OTLP request waits`] : []),
  ];
  return wanted(check, problems.length > 0 ? problems.join('; ') : undefined, `writable, ${free}, ${sync}`);
}

/**
 * Tries the disk on which the directory is, or will be made, and whether it may hold a tape. Leaves nothing behind.
 * @param standing the node of a recorder that goes on with a tape that was completed.
 */
export async function tryDisk(directory: string, standing?: string): Promise<DiskTrial | string> {
  try {
    const wanted = resolve(directory);
    const { at, free } = await nearest(wanted);
    if (at === wanted) await refuseOccupied(at, standing);
    return { freeBytes: free, syncMs: await syncMs(join(at, `.ktape-doctor-${process.pid}`)) };
  } catch (error) {
    return reasonOf(error);
  }
}

/** The directory itself, or the closest one above it that is there. */
async function nearest(directory: string): Promise<{ at: string; free: number }> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return { at: directory, free: bavail * bsize };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || dirname(directory) === directory) throw error;
    return nearest(dirname(directory));
  }
}

/** Throws a KtapeError where no tape can be begun or taken up in the directory, because of what it holds. */
async function refuseOccupied(directory: string, standing: string | undefined): Promise<void> {
  if ((await findUnfinished(directory, standing)) !== undefined) return;
  const [present] = await readdir(directory);
  if (present === undefined) return;
  throw new KtapeError(`not empty (it holds ${present}); a tape needs a new directory`);
}

async function syncMs(path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    const bytes = Buffer.alloc(4096);
    const times: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      const before = performance.now();
      await file.write(bytes);
      await file.datasync();
      times.push(performance.now() - before);
    }
    return times.sort((a, b) => a - b)[TRIES / 2] ?? 0;
  } finally {
    await file.close();
    await rm(path);
  }
}
