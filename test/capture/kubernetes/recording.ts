import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { watchCluster } from '../../../capture/kubernetes/watch_cluster.js';
import { WATCHED_KINDS, type WatchedKind } from '../../../src/kubernetes/kinds.js';
import type { KubernetesObjectRow } from '../../../src/kubernetes/observation.js';
import type { WatchGap } from '../../../src/kubernetes/watch_gap.js';
import type { Api } from './api.js';

const PODS = WATCHED_KINDS.filter(({ kind }) => kind === 'Pod');
const SOON = { firstMs: 1, mostMs: 5, refusedMs: 5 };

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
  private readonly ended: Promise<void>;
  private ticks = 0n;

  constructor(
    readonly api: A,
    readonly tickNs = 1_000_000_000n,
    kinds: readonly WatchedKind[] = PODS,
  ) {
    open.add(this);
    this.ended = watchCluster({
      config: api.config(),
      ...(api.reloadConfig && { reloadConfig: api.reloadConfig }),
      kinds,
      backoff: SOON,
      onObservation: (row) => this.rows.push(row),
      onGap: (gap) => this.gaps.push(gap),
      onNotice: (message) => this.notices.push(message),
      clock: () => ++this.ticks * this.tickNs,
      signal: this.stop.signal,
    });
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

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (await condition()) return;
    await sleep(5);
  }
  assert.fail(`waited in vain until ${what}`);
}
