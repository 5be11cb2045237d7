import { epochNow } from '../clock.js';
import type { OtlpIntake } from '../otlp/intake.js';
import type { Say } from '../source.js';
import type { Unfinished } from './recovery.js';
import type { Session } from './session.js';

/** Brings back what a recorder that died had acknowledged, and notes what cannot be brought back. */
export async function takeUp(
  session: Session,
  { manifest, entries, torn, lastSeen }: Unfinished,
  intake: OtlpIntake,
  say: Say,
): Promise<void> {
  const dead = { since: lastSeen, until: epochNow() };
  for (const entry of entries) intake.replay(entry);
  session.lost({
    source: 'recorder',
    reason: 'recorder ended abruptly',
    ...dead,
    detail: 'kernel events and Kubernetes objects that were not yet written, and all until the next start',
  });
  if (manifest.tables.kubernetes_objects !== undefined) {
    const detail = 'the recorder had ended abruptly';
    session.lost({ source: 'kubernetes', table: 'kubernetes_objects', reason: 'watch gap', ...dead, detail });
  }
  if (torn > 0) {
    const detail = `${torn} bytes of the journal are no whole requests: one that was being written, or damage`;
    session.lost({ source: 'otlp', reason: 'journal cut short', ...dead, detail });
    say(detail);
  }
  say(`taking up an unfinished tape; ${entries.length} acknowledged OTLP requests come from its journal`);
  // At once, so that another crash finds it all on the tape.
  session.measure();
  await session.store.seal();
}
