import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { platform } from 'node:os';
import { KtapeError, reasonOf } from '../../src/errors.js';
import { makeDirectory } from '../../src/tape/durable_file.js';

/** What flock ends with where somebody else holds the lock. */
const HELD = 1;

/**
 * Makes sure that one recorder writes to a directory, which is made if it is not there. The lock is on the directory
 * itself, whichever namespaces a recorder sees it from, and the kernel frees it with the process: it is never stale.
 * Node.js cannot lock; flock(1) locks a file descriptor that it inherits, and so for this process. Only on Linux.
 */
export async function lockDirectory(directory: string): Promise<void> {
  await makeDirectory(directory).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new KtapeError('not a directory') : error;
  });
  if (platform() !== 'linux') return;
  const { status, stderr, error } = spawnSync('flock', ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', openSync(directory, 'r')],
    encoding: 'utf8',
  });
  if (status === HELD) throw new KtapeError('another recorder is writing there');
  if (status !== 0) {
    throw new KtapeError(
      `cannot be locked with flock: ${error === undefined ? stderr.trim() : reasonOf(error)}`,
    );
  }
}
