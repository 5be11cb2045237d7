import { fileURLToPath } from 'node:url';
import { epochNow } from '../clock.js';
import type { RecordOptions } from '../record_options.js';
import type { RunningSource, Say } from '../source.js';
import type { Session } from '../storage/session.js';
import { ownLoader } from './loader_process.js';
import { keepLosing, recordProbes, sourceOf } from './record_probes.js';
import { startSocketSource } from './socket_source.js';

/** Where bpf/build.sh puts the loader and the probes' objects. */
export const PROBES_DIRECTORY = fileURLToPath(new URL('../../bpf', import.meta.url));

/**
 * Records from the kernel, by a loader of its own or one behind a socket. Without privileges, or without a
 * loader, it says so, and the rest goes on. `stopped` ends the waiting for a loader.
 */
export async function startKernelSource(
  { probes, probesSocket }: RecordOptions,
  session: Session,
  say: Say,
  stopped: AbortSignal,
): Promise<RunningSource> {
  if (probesSocket !== undefined) return startSocketSource(probesSocket, probes, session, say, stopped);
  if (probes.length === 0) return { sources: [], stop: async () => undefined };
  const running = recordProbes(ownLoader(PROBES_DIRECTORY, probes), probes, session);
  session.counts.kernelEvents = running.events;
  let endGap: () => void = () => undefined;
  running.ended.then(async ({ failure, completeUntil }) => {
    const attached = (await running.ready).some((status) => status.failure === undefined);
    if (failure === undefined || !attached) return;
    say(`kernel events end here: ${failure}`);
    endGap = keepLosing(session, failure, completeUntil ?? epochNow());
  });
  return {
    sources: (await running.ready).map(sourceOf),
    stop: async () => {
      await running.stop();
      endGap();
    },
  };
}
