import { closeSync, openSync, readSync } from 'node:fs';
import { createServer } from 'node:net';
import { arch, platform, release } from 'node:os';
import { reasonOf } from '../src/errors.js';
import type { Machine } from './doctor.js';
import { tryProbes } from './probes/probes.js';

const FIRST_BYTES = 4096;

/** The machine that this runs on; `directory` has the loader and the objects of these probes. */
export function thisMachine(directory: string, probes: readonly string[]): Machine {
  return {
    platform: platform(),
    architecture: arch(),
    kernel: release(),
    read: readFirst,
    tryProbes: () => tryProbes(directory, probes),
    whyNotListen,
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
