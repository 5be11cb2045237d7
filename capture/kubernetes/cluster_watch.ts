import { setMaxListeners } from 'node:events';
import type { KubeConfig } from '@kubernetes/client-node';
import { WATCHED_KINDS, type WatchedKind } from '../../src/kubernetes/kinds.js';
import type { KubernetesObjectRow } from '../../src/kubernetes/observation.js';
import type { TrimOptions } from '../../src/kubernetes/trim.js';
import type { WatchGap } from '../../src/kubernetes/watch_gap.js';
import { sayingOnce } from '../say_once.js';
import { ApiServer } from './api_server.js';
import { type Backoff, DEFAULT_BACKOFF } from './backoff.js';
import { Discovery } from './discovery.js';
import { KindWatcher } from './kind_watcher.js';

export interface ClusterWatchOptions {
  /** From `loadKubeConfig`. */
  readonly config: KubeConfig;
  /** Reads it anew when the server does not take its credentials any more. By default they stay as they are. */
  readonly reloadConfig?: () => Promise<KubeConfig>;
  /** By default all that a postmortem needs. */
  readonly kinds?: readonly WatchedKind[];
  /** What may stay in objects beyond the ordinary. */
  readonly trim?: TrimOptions;
  readonly backoff?: Backoff;
  /** Whether there is room for the rows of all objects. By default there is. */
  readonly hasRoom?: () => boolean;
  /** A version or an end of an object, or the mark of a complete list. */
  readonly onObservation: (row: KubernetesObjectRow) => void;
  /** A stretch in which a kind was not watched: a row of `losses`. */
  readonly onGap: (gap: WatchGap) => void;
  /** A sentence for the terminal; the same one is given once, unless there are very many. */
  readonly onNotice: (message: string) => void;
  /** Nanoseconds since the epoch. */
  readonly clock: () => bigint;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** How often watchers look whether what was shed can be listed anew. */
const TEND_EVERY_MS = 250;

/** Lists and watches a cluster. */
export class ClusterWatch {
  private readonly failed = new AbortController();
  private readonly watchers: readonly KindWatcher[];

  constructor(options: ClusterWatchOptions) {
    const signal = AbortSignal.any([options.signal, this.failed.signal]);
    // Every kind listens, to its request or its pause.
    setMaxListeners(0, signal);
    const server = new ApiServer(options.config, options.reloadConfig ?? (async () => options.config));
    const context = {
      ...options,
      clock: rising(options.clock),
      server,
      discovery: new Discovery(server, signal),
      trim: options.trim ?? {},
      backoff: options.backoff ?? DEFAULT_BACKOFF,
      hasRoom: options.hasRoom ?? (() => true),
      signal,
      onNotice: sayingOnce(options.onNotice),
    };
    this.watchers = (options.kinds ?? WATCHED_KINDS).map((kind) => new KindWatcher(kind, context));
  }

  /**
   * Watches until the signal aborts, and then reports the gaps that are still open. A server that cannot be reached,
   * refuses or forgets is asked again for as long as it takes; the promise rejects only when a callback throws, after
   * all kinds have stopped.
   */
  async run(): Promise<void> {
    const tending = setInterval(() => this.tend(), TEND_EVERY_MS);
    const results = await Promise.allSettled(
      this.watchers.map((watcher) =>
        watcher.run().catch((error: unknown) => {
          this.failed.abort();
          throw error;
        }),
      ),
    );
    clearInterval(tending);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  /**
   * Rows of a kind that `onObservation` got, the first of them of `since`, are not kept after all: the kind is listed
   * anew once there is room.
   * @param kind as kindName gives it
   */
  rowsShed(kind: string, since: bigint): void {
    for (const watcher of this.watchers) if (watcher.name === kind) watcher.rowsShed(since);
  }

  private tend(): void {
    for (const watcher of this.watchers) watcher.tend();
  }
}

/** A clock that never gives a time twice nor goes back: what is seen later sorts later. */
function rising(clock: () => bigint): () => bigint {
  let last = 0n;
  return () => {
    const now = clock();
    last = now > last ? now : last + 1n;
    return last;
  };
}
