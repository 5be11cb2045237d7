import type { Source } from '../../src/tape/manifest.js';
import { epochNow } from '../clock.js';
import type { Session } from '../storage/session.js';
import type { StartLoader } from './loader.js';
import { type ProbeStatus, type Probes, startProbes } from './probes.js';

/** A gap that goes on is noted in pieces, so that a recorder that is killed has said most of it. */
const GAP_PIECE_MS = 5_000;

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
