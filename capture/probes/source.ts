import { fileURLToPath } from 'node:url';
import type { Source } from '../../src/tape/manifest.js';
import { epochNow } from '../clock.js';
import type { RunningSource, Say } from '../source.js';
import type { Session } from '../storage/session.js';
import { startProbes } from './probes.js';

/** Where bpf/build.sh puts the loader and the probes' objects. */
export const PROBES_DIRECTORY = fileURLToPath(new URL('../../bpf', import.meta.url));

/** A gap that goes on is noted in pieces, so that a recorder that is killed has said most of it. */
const GAP_PIECE_MS = 5_000;

/** Records from the kernel by these probes. Without privileges it says so, and the rest goes on. */
export async function startKernelSource(
  probes: readonly string[],
  session: Session,
  say: Say,
): Promise<RunningSource> {
  if (probes.length === 0) return { sources: [], stop: async () => undefined };
  const { lost } = session;
  const running = startProbes({
    directory: PROBES_DIRECTORY,
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
  session.counts.kernelEvents = running.events;
  let endGap: () => void = () => undefined;
  running.ended.then(async ({ failure, completeUntil }) => {
    const attached = (await running.ready).some((status) => status.failure === undefined);
    if (failure === undefined || !attached) return;
    say(`kernel events end here: ${failure}`);
    endGap = keepLosing(lost, failure, completeUntil ?? epochNow());
  });
  const statuses = await running.ready;
  return {
    sources: statuses.map(
      ({ probe, failure }): Source => ({
        name: `probe ${probe}`,
        state: failure === undefined ? 'recorded' : 'unavailable',
        detail: failure ?? 'attached',
      }),
    ),
    stop: async () => {
      await running.stop();
      endGap();
    },
  };
}

/** Nothing comes from the kernel any more: notes that now and then, and at last when the function is called. */
function keepLosing(lost: Session['lost'], detail: string, from: bigint): () => void {
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
