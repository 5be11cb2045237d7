import type { KubernetesObjectRow } from '../../src/kubernetes/observation.js';
import type { TrimOptions } from '../../src/kubernetes/trim.js';
import type { WatchGap } from '../../src/kubernetes/watch_gap.js';
import type { ApiServer } from './api_server.js';
import type { Backoff } from './backoff.js';
import type { Discovery } from './discovery.js';

/** What watching a kind needs and whom it tells. */
export interface WatchContext {
  readonly server: ApiServer;
  readonly discovery: Discovery;
  readonly trim: TrimOptions;
  readonly backoff: Backoff;
  /** Whether there is room for the rows of all objects. */
  readonly hasRoom: () => boolean;
  readonly onObservation: (row: KubernetesObjectRow) => void;
  readonly onGap: (gap: WatchGap) => void;
  readonly onNotice: (message: string) => void;
  /** Nanoseconds since the epoch. */
  readonly clock: () => bigint;
  readonly signal: AbortSignal;
}
