import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KtapeError, reasonOf } from '../../src/errors.js';
import { makeDirectory, writeDurably } from '../../src/tape/durable_file.js';
import type { Loss } from '../../src/tape/loss_row.js';
import type { Manifest } from '../../src/tape/manifest.js';
import { epochNow } from '../clock.js';
import type { OtlpIntake } from '../otlp/intake.js';
import type { Say } from '../source.js';
import { journalFile, readJournal } from './journal_files.js';
import type { Unfinished } from './recovery.js';
import type { Session } from './session.js';
import { RETRY_EVERY_MS } from './store.js';

/** Directory within the tape that keeps what of the journal cannot be read. */
const TORN = 'torn';

/**
 * Brings back what an earlier recorder had acknowledged, and notes what cannot be brought back. Each journal file is
 * on the tape before the next is read, so that another crash finds it there. While the disk takes nothing it waits;
 * throws where it is told to stop meanwhile.
 */
export async function takeUp(
  session: Session,
  { manifest, journals, lastSeen }: Unfinished,
  intake: OtlpIntake,
  say: Say,
  stopped: AbortSignal,
): Promise<void> {
  const { store, writer } = session;
  const gap = { since: lastSeen, until: epochNow() };
  noteGap(session, manifest, gap);
  let requests = 0;
  for (const number of journals) {
    const { entries, rest } = await readJournal(writer.directory, number);
    if (rest.length > 0) {
      const kept = join(writer.directory, TORN, basename(journalFile(writer.directory, number)));
      await insist(
        () => keepTorn(kept, rest),
        stopped,
        (reason) => say(`${kept}: cannot be written: ${reason}`),
      );
      const detail = `${rest.length} bytes of the journal are no whole requests: one that was being written, or damage; kept as ${kept}`;
      session.lost({ source: 'otlp', reason: 'journal cut short', ...gap, detail });
      say(detail);
    }
    for (const entry of entries) intake.replay(entry);
    requests += entries.length;
    store.takeReplayed(number);
    await insist(() => store.write(), stopped);
  }
  if (journals.length === 0) {
    // At once all the same, so that another crash finds on the tape what this one lost.
    store.takeReplayed(manifest.journal_sealed);
    await insist(() => store.write(), stopped);
  }
  say(
    manifest.state === 'complete'
      ? `taking up the tape of a recorder that was stopped at ${manifest.ended}`
      : `taking up an unfinished tape; ${requests} acknowledged OTLP requests come from its journal`,
  );
}

/** Notes what was in the memory of a recorder that died, and what came until now. */
function noteGap(session: Session, { tables, state }: Manifest, gap: Pick<Loss, 'since' | 'until'>): void {
  const wasStopped = state === 'complete';
  session.lost({
    source: 'recorder',
    reason: wasStopped ? 'recorder was stopped' : 'recorder ended abruptly',
    ...gap,
    detail: wasStopped
      ? 'all until the next start'
      : 'kernel events and Kubernetes objects that were not yet written, and all until the next start',
  });
  if (tables.kubernetes_objects === undefined) return;
  const detail = wasStopped ? 'the recorder was stopped' : 'the recorder had ended abruptly';
  session.lost({ source: 'kubernetes', table: 'kubernetes_objects', reason: 'watch gap', ...gap, detail });
}

async function keepTorn(path: string, rest: Uint8Array): Promise<void> {
  await makeDirectory(dirname(path));
  await writeDurably(path, rest);
}

/** Tries until the disk takes it. */
async function insist(
  write: () => Promise<void>,
  stopped: AbortSignal,
  onFailure: (reason: string) => void = () => undefined,
): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      onFailure(reasonOf(error));
      await sleep(RETRY_EVERY_MS, undefined, { signal: stopped }).catch(() => {
        throw new KtapeError(`stopped before the unfinished tape could be taken up: ${reasonOf(error)}`);
      });
    }
  }
}
