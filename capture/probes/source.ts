import { fileURLToPath } from 'node:url';
import type { Source } from '../../src/tape/manifest.js';
import { epochNow } from '../clock.js';
import type { RunningSource, Say } from '../source.js';
import type { Session } from '../storage/session.js';
import { startProbes } from './probes.js';

/** Where bpf/build.sh puts the loader and the probes' objects. */
export const PROBES_DIRECTORY = fileURLToPath(new URL('../../bpf', import.meta.url));

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
  running.ended.then(({ failure, completeUntil }) => {
    if (failure === undefined) return;
    say(`kernel events end here: ${failure}`);
    const now = epochNow();
    lost({
      source: 'probe',
      reason: 'loader ended',
      since: completeUntil ?? now,
      until: now,
      detail: failure,
    });
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
    },
  };
}
