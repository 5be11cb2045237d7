import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { KtapeError } from '../../src/errors.js';
import { makeDirectory } from '../../src/tape/durable_file.js';

/**
 * Makes sure that one recorder writes to a directory, which is made if it is not there. The lock is a socket
 * with an abstract name, which the kernel frees with the process: it is never stale. Only Linux has these.
 */
export async function lockDirectory(directory: string): Promise<void> {
  await makeDirectory(directory);
  if (platform() !== 'linux') return;
  const name = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');
  await new Promise<void>((resolve, reject) => {
    const server = createServer().unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(inUse ? new KtapeError('another recorder is writing there') : error);
    });
    server.listen(`\0ktape-record-${name}`, resolve);
  });
}
