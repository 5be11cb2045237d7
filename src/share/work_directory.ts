import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PREFIX = `.ktape-share.${hostname()}.`;
/** Threads that are ending may still add a file while the directory is removed. */
const RETRIES = 5;

/**
 * Makes a directory that only its owner can look into, for what must not be left behind: at once, so that no signal comes
 * between its being there and somebody knowing its name.
 * @param parent directory to make it in: of the file system that what is made there is to be moved within
 */
export function makeWorkDirectory(parent: string): string {
  return mkdtempSync(join(parent, `${PREFIX}${process.pid}.`));
}

/** Removes a work directory, or a file, if it is there. */
export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: RETRIES });
}

/** Removes work directories of processes of this machine that are no more, and tells which. */
export async function removeStale(parent: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(PREFIX) ? /^(\d+)\.\w{6}$/.exec(name.slice(PREFIX.length))?.[1] : undefined;
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    if ((await stat(path)).uid !== process.getuid?.()) continue;
    remove(path);
    if (!existsSync(path)) removed.push(path);
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
