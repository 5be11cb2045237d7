import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../src/errors.js';
import { appendRow } from '../../src/kubernetes/append_row.js';
import { kindName, WATCHED_KINDS } from '../../src/kubernetes/kinds.js';
import { listedKind } from '../../src/kubernetes/observation.js';
import { kubernetesObjects } from '../../src/schema/tables/kubernetes_objects.js';
import { epochNow } from '../clock.js';
import { OFF, type RecordOptions } from '../record_options.js';
import type { RunningSource, Say } from '../source.js';
import type { Session } from '../storage/session.js';
import { ClusterWatch } from './cluster_watch.js';
import { loadKubeConfig } from './kubeconfig.js';

/** How long the first lists are waited for before anything else begins. */
const FIRST_LISTS_MS = 3_000;

/**
 * Watches the whole cluster. One recorder of a cluster does: others need no access, because what they see leads to
 * pods by address and by cgroup, once their tapes are put together. A server that does not answer is asked again;
 * the gap goes to `losses`.
 */
export async function startKubernetesSource(
  { kubernetes, kubernetesLiterals }: RecordOptions,
  session: Session,
  say: Say,
): Promise<RunningSource> {
  if (kubernetes === OFF) return { sources: [], stop: async () => undefined };
  const reloadConfig = () => loadKubeConfig(kubernetes, process.env);
  const config = await reloadConfig();
  const ending = new AbortController();
  const lists = new ListsAwaited();
  const watch = new ClusterWatch({
    config,
    reloadConfig,
    trim: { containerDetails: kubernetesLiterals },
    hasRoom: () => session.store.hasRoom,
    clock: epochNow,
    signal: ending.signal,
    onObservation: (row) => {
      appendRow(session.batches.of(kubernetesObjects), row);
      session.counts.kubernetesObservations++;
      session.store.sealIfLarge();
      const listed = listedKind(row);
      if (listed !== undefined) lists.came(kindName(row.api_version, listed));
    },
    onGap: ({ kind, since, until, reason }) =>
      session.lost({
        source: 'kubernetes',
        table: 'kubernetes_objects',
        reason: 'watch gap',
        subject: kind,
        since,
        until,
        detail: reason,
      }),
    onNotice: say,
  });
  session.whenShed(kubernetesObjects, ({ subject, since }) => watch.rowsShed(subject ?? '', since));
  const watching = watch
    .run()
    .catch((error: unknown) => say(`watching the cluster ended: ${reasonOf(error)}`));
  // What is seen later can then be judged by a cluster that is known.
  await Promise.race([lists.complete, watching, sleep(FIRST_LISTS_MS, undefined, { ref: false })]);
  const server = config.getCurrentCluster()?.server ?? '';
  const detail = lists.isComplete ? server : `${server}, which has not answered yet and is asked again`;
  return {
    sources: [{ name: 'kubernetes', state: 'recorded', detail }],
    stop: () => {
      ending.abort();
      return watching;
    },
  };
}

/** Waits for the first list of every kind. */
class ListsAwaited {
  private readonly missing = new Set(WATCHED_KINDS.map(({ kind, apiVersion }) => kindName(apiVersion, kind)));
  private resolve: () => void = () => undefined;
  readonly complete = new Promise<void>((resolve) => {
    this.resolve = resolve;
  });

  get isComplete(): boolean {
    return this.missing.size === 0;
  }

  came(kind: string): void {
    this.missing.delete(kind);
    if (this.isComplete) this.resolve();
  }
}
