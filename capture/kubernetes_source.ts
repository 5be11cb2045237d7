import { reasonOf } from '../src/errors.js';
import { appendRow } from '../src/kubernetes/append_row.js';
import { kubernetesObjects } from '../src/schema/tables/kubernetes_objects.js';
import { epochNow } from './clock.js';
import { loadKubeConfig } from './kubernetes/kubeconfig.js';
import { watchCluster } from './kubernetes/watch_cluster.js';
import type { RunningSource, Say } from './record.js';
import { OFF, type RecordOptions } from './record_options.js';
import type { Session } from './session.js';

/** Watches the cluster. A server that does not answer is asked again; the gap goes to `losses`. */
export async function startKubernetesSource(
  { kubernetes, kubernetesLiterals }: RecordOptions,
  session: Session,
  say: Say,
): Promise<RunningSource> {
  if (kubernetes === OFF) return { sources: [], stop: async () => undefined };
  const config = await loadKubeConfig(kubernetes, process.env);
  const ending = new AbortController();
  const watching = watchCluster({
    config,
    trim: { containerDetails: kubernetesLiterals },
    clock: epochNow,
    signal: ending.signal,
    onObservation: (row) => {
      appendRow(session.batches.of(kubernetesObjects), row);
      session.counts.kubernetesObservations++;
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
  }).catch((error: unknown) => say(`watching the cluster ended: ${reasonOf(error)}`));
  const server = config.getCurrentCluster()?.server ?? '';
  return {
    sources: [{ name: 'kubernetes', state: 'recorded', detail: server }],
    stop: () => {
      ending.abort();
      return watching;
    },
  };
}
