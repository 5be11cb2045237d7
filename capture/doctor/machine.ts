import { closeSync, openSync, readSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform, release } from 'node:os';
import { reasonOf } from '../../src/errors.js';
import { hierarchyAt } from '../cgroups/source.js';
import { tryProbes } from '../probes/probes.js';
import { watchClock } from './clock.js';
import { tryCluster } from './cluster.js';
import { tryDisk } from './disk.js';
import type { Machine } from './examine.js';

const FIRST_BYTES = 4096;

/** The machine that this runs on; `directory` has the loader and the probes' objects. */
export function thisMachine(directory: string): Machine {
  return {
    platform: platform(),
    architecture: arch(),
    release: release(),
    read: readFirst,
    tryProbes: (probes) => tryProbes(directory, probes),
    cgroupsAt: hierarchyAt,
    whyNotConnect,
    whyNotListen,
    tryDisk,
    tryCluster: (kubernetes) => tryCluster(kubernetes, process.env),
    watchClock,
  };
}

/** Files of /proc and /sys may be endless and have no size: this reads their beginning. */
function readFirst(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(FIRST_BYTES);
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function whyNotListen(address: string): Promise<string | undefined> {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(reasonOf(error)));
    server.listen({ host, port: Number(port), exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

/** Only looks: to connect is to become the recorder that the loader serves. */
async function whyNotConnect(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isSocket()) return 'not a socket';
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
