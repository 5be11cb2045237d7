import { after } from 'node:test';
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterWatch } from '../../../capture/kubernetes/cluster_watch.js';
import { WATCHED_KINDS, type WatchedKind } from '../../../src/kubernetes/kinds.js';
import type { KubernetesObjectRow } from '../../../src/kubernetes/observation.js';
import type { WatchGap } from '../../../src/kubernetes/watch_gap.js';
import type { Api } from './api.js';

const PODS = WATCHED_KINDS.filter(({ kind }) => kind === 'Pod');
const SOON = { firstMs: 1, mostMs: 5, refusedMs: 5, shedMostMs: 60_000 };

/** Recordings that a test which failed has left, which would keep the run from ending. */
const open = new Set<{ end(): Promise<void> }>();
after(() => Promise.all([...open].map((recording) => recording.end())));

/** A server that can be recorded. */
export interface ServedApi {
  config(): KubeConfig;
  /** Reads the credentials anew. */
  reloadConfig?(): Promise<KubeConfig>;
  stop(): Promise<void>;
}

/** Records an API server until the test ends. The clock adds a tick, a second, with every look at it. */
export class Recording<A extends ServedApi = Api> {
  readonly rows: KubernetesObjectRow[] = [];
  readonly gaps: WatchGap[] = [];
  readonly notices: string[] = [];
  private readonly stop = new AbortController();
  readonly watch: ClusterWatch;
  /** Whether there is room for rows. */
  hasRoom = true;
  private readonly ended: Promise<void>;
  private ticks = 0n;

  constructor(
    readonly api: A,
    readonly tickNs = 1_000_000_000n,
    kinds: readonly WatchedKind[] = PODS,
  ) {
    open.add(this);
    this.watch = new ClusterWatch({
      config: api.config(),
      ...(api.reloadConfig && { reloadConfig: api.reloadConfig }),
      kinds,
      backoff: SOON,
      hasRoom: () => this.hasRoom,
      onObservation: (row) => this.rows.push(row),
      onGap: (gap) => this.gaps.push(gap),
      onNotice: (message) => this.notices.push(message),
      clock: () => ++this.ticks * this.tickNs,
      signal: this.stop.signal,
    });
    this.ended = this.watch.run();
  }

  /** What was observed so far: `added a v=1`. */
  get seen(): string[] {
    return this.rows.map(({ observed, kind, name, object }) => {
      const labels = object === null ? {} : (JSON.parse(object).metadata.labels ?? {});
      const version = labels.v === undefined ? '' : ` v=${labels.v}`;
      return `${observed} ${name ?? kind}${version}`;
    });
  }

  async end(): Promise<void> {
    open.delete(this);
    this.stop.abort();
    await this.ended;
    await this.api.stop();
  }
}
