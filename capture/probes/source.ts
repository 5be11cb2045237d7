import { fileURLToPath } from 'node:url';
import type { Source } from '../../src/tape/manifest.js';
import { epochNow } from '../clock.js';
import type { RecordOptions } from '../record_options.js';
import type { RunningSource, Say } from '../source.js';
import type { Session } from '../storage/session.js';
import type { StartLoader } from './loader.js';
import { ownLoader } from './loader_process.js';
import { type ProbeStatus, type Probes, startProbes } from './probes.js';
import { startSocketSource } from './socket_source.js';

/** Where bpf/build.sh puts the loader and the probes' objects. */
export const PROBES_DIRECTORY = fileURLToPath(new URL('../../bpf', import.meta.url));

/** A gap that goes on is noted in pieces, so that a recorder that is killed has said most of it. */
const GAP_PIECE_MS = 5_000;

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

/** Records what a loader sends: rows, losses and clock jumps. */
export function recordProbes(loader: StartLoader, probes: readonly string[], session: Session): Probes {
  const { lost } = session;
  const running = startProbes({
    loader,
    probes,
    batchOf: (table) => session.batches.of(table),
    onLoss: ({ table, cause, dropReason, ...loss }) => {
      const subject = dropReason === undefined ? {} : { subject: dropReason };
      lost({ source: 'probe', table: table.name, reason: cause, ...subject, ...loss });
    },
    onClockJump: ({ byNs, ...range }) =>
      lost({
        source: 'clock',
        reason: 'clock jump',
        ...range,
        detail: `the wall clock jumped by ${byNs} ns`,
      }),
  });
  session.kernelSeenUntil = running.completeUntil;
  return running;
}

/** What the tape says of a probe. */
export function sourceOf({ probe, failure }: ProbeStatus): Source {
  return {
    name: `probe ${probe}`,
    state: failure === undefined ? 'recorded' : 'unavailable',
    detail: failure ?? 'attached',
  };
}

/** Nothing comes from the kernel any more: notes that now and then, and at last when the function is called. */
export function keepLosing({ lost }: Session, detail: string, from: bigint): () => void {
  let since = from;
  const lose = () => {
    const until = epochNow();
    lost({ source: 'probe', reason: 'loader ended', since, until, detail });
    since = until;
  };
  const timer = setInterval(lose, GAP_PIECE_MS);
  return () => {
    clearInterval(timer);
    lose();
  };
}
