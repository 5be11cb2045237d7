import { type JsonObject, objectAt, textAt } from '../../src/kubernetes/json.js';
import { collectionPath, kindName, type WatchedKind } from '../../src/kubernetes/kinds.js';
import { itemsOf } from '../../src/kubernetes/list.js';
import {
  type KnownObject,
  type KubernetesObjectRow,
  listMark,
  type Observed,
  observe,
  vanishedRow,
} from '../../src/kubernetes/observation.js';
import type { TrimOptions } from '../../src/kubernetes/trim.js';
import type { WatchGap } from '../../src/kubernetes/watch_gap.js';
import { ApiError, type ApiServer } from './api_server.js';
import { type Backoff, pause, waitMs } from './backoff.js';
import type { Discovery } from './discovery.js';
import { GapTracker } from './gap.js';
import { keyOf, knownOf } from './known_object.js';
import { type WatchEvent, watchEvents } from './watch_stream.js';

/** Objects in a page of a list. One of 500 pods took 100 MiB more memory and held all else up three times as long. */
const PAGE = '100';
/** The server ends a watch after this; a watch that has not ended long after is dead. */
const WATCH_SECONDS = 240;
const DEAD_AFTER_MS = (WATCH_SECONDS + 30) * 1000;
/** A watch that ends within this without an event did not work. */
const AT_ONCE_NS = 1_000_000_000n;

/** What watching needs and whom it tells. */
export interface WatchContext {
  readonly server: ApiServer;
  readonly discovery: Discovery;
  readonly trim: TrimOptions;
  readonly backoff: Backoff;
  readonly onObservation: (row: KubernetesObjectRow) => void;
  readonly onGap: (gap: WatchGap) => void;
  readonly onNotice: (message: string) => void;
  /** Nanoseconds since the epoch. */
  readonly clock: () => bigint;
  readonly signal: AbortSignal;
}

/** Lists and watches one kind until aborted. Keeps of each object its name and version only. */
export class KindWatcher {
  private readonly known = new Map<string, KnownObject>();
  private readonly gap: GapTracker;
  /** What the kind is called where kinds of one name must be told apart. */
  private readonly name: string;
  /** The group and version in which it is watched. */
  private apiVersion: string;
  /** Whether the server had no such kind when it was last asked. */
  private isAbsent = false;
  /** The version to watch from; undefined: list first. */
  private resourceVersion: string | undefined;
  private hasListed = false;
  private failures = 0;
  /** Up to when everything the server had to say was heard. */
  private heardUntil: bigint;
  /** The same, before a watch that was taken up again and has not said anything yet. */
  private resumedFrom: bigint | undefined;

  constructor(
    private readonly kind: WatchedKind,
    private readonly context: WatchContext,
  ) {
    this.apiVersion = kind.apiVersion;
    this.name = kindName(kind.apiVersion, kind.kind);
    this.gap = new GapTracker(this.name, context.onGap);
    this.heardUntil = context.clock();
    this.gap.begin(this.heardUntil, 'not listed yet');
  }

  async run(): Promise<void> {
    const { signal, clock, backoff } = this.context;
    while (!signal.aborted) {
      try {
        if (this.resourceVersion === undefined) await this.list();
        if (this.isAbsent) await pause(backoff.refusedMs, signal);
        else await this.watch();
      } catch (error) {
        if (signal.aborted) break;
        await this.recover(error);
      }
    }
    this.gap.end(clock(), !this.hasListed);
  }

  /** Says that watching fails and waits a while. What is not an error of the server is a fault of ours. */
  private async recover(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    const { backoff, signal, clock, onNotice } = this.context;
    const lostSince = error.needsList ? (this.resumedFrom ?? this.heardUntil) : this.heardUntil;
    this.gap.begin(lostSince, error.message);
    if (error.needsList) this.resourceVersion = undefined;
    this.failures++;
    // Versions expire in the ordinary course of things: list at once, unless that is what keeps failing.
    if (error.needsList && this.failures === 1) return;
    onNotice(error.isRefusal ? `${this.name} objects are not recorded: ${error.message}` : error.message);
    await pause(waitMs(error, backoff, this.failures, Math.random()), signal);
    this.gap.goOn(clock());
  }

  private async list(): Promise<void> {
    const { server, discovery, signal, clock } = this.context;
    const version = await discovery.servedVersion(this.kind, this.apiVersion);
    if (version === undefined) {
      // A cluster without the kind has no objects of it: as good as an empty list, which has no version.
      this.finishList(new Set(), clock(), null);
      this.isAbsent = true;
      this.failures = 0;
      return;
    }
    if (this.isAbsent) this.gap.begin(this.heardUntil, 'the API server did not serve it yet');
    this.isAbsent = false;
    this.apiVersion = version;
    // An attempt that broke off does not shorten the first list, which shows everything.
    if (!this.hasListed) this.known.clear();
    const listed = new Set<string>();
    let time: bigint | undefined;
    let page: JsonObject;
    let next: string | undefined;
    do {
      const query = next === undefined ? { limit: PAGE } : { limit: PAGE, continue: next };
      page = await server.get(this.path, query, signal);
      // Every page shows the cluster as it was at the first.
      time ??= clock();
      for (const item of itemsOf({ ...page, kind: `${this.kind.kind}List`, apiVersion: version })) {
        listed.add(keyOf(item));
        this.take(item, 'listed', time);
      }
      next = textAt(objectAt(page, 'metadata'), 'continue') ?? undefined;
    } while (next !== undefined);
    this.resourceVersion = textAt(objectAt(page, 'metadata'), 'resourceVersion') ?? '0';
    this.finishList(listed, time, this.resourceVersion);
  }

  /** What is known and was not listed has vanished; then the mark. A kind that is still absent has had its mark. */
  private finishList(listed: ReadonlySet<string>, time: bigint, resourceVersion: string | null): void {
    const { onObservation } = this.context;
    for (const [key, known] of this.known) {
      if (listed.has(key)) continue;
      this.known.delete(key);
      onObservation(vanishedRow(this.kind.kind, this.apiVersion, known, time));
    }
    const observed = this.hasListed ? 'relisted' : 'listed';
    if (!this.isAbsent)
      onObservation(listMark(this.kind.kind, this.apiVersion, resourceVersion, time, observed));
    this.gap.end(time, this.hasListed);
    this.hasListed = true;
    this.heardUntil = time;
    this.resumedFrom = undefined;
  }

  private get path(): string {
    return collectionPath({ apiVersion: this.apiVersion, plural: this.kind.plural });
  }

  private async watch(): Promise<void> {
    const { server, signal, clock } = this.context;
    const response = await server.open(
      this.path,
      {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: this.resourceVersion ?? '0',
        timeoutSeconds: String(WATCH_SECONDS),
      },
      AbortSignal.any([signal, AbortSignal.timeout(DEAD_AFTER_MS)]),
    );
    const opened = clock();
    this.gap.end(opened, false);
    this.resumedFrom ??= this.heardUntil;
    this.heardUntil = opened;
    for await (const event of watchEvents(response)) {
      this.apply(event, clock());
      this.resumedFrom = undefined;
      this.failures = 0;
      this.heardUntil = clock();
    }
    if (this.resumedFrom !== undefined && clock() - opened < AT_ONCE_NS)
      throw new ApiError('the watch ended at once');
    this.resumedFrom = undefined;
    this.heardUntil = clock();
  }

  private apply({ type, object }: WatchEvent, time: bigint): void {
    this.resourceVersion = textAt(objectAt(object, 'metadata'), 'resourceVersion') ?? this.resourceVersion;
    if (type === 'DELETED') this.takeDeletion(object, time);
    else if (type !== 'BOOKMARK')
      this.take(object, this.known.has(keyOf(object)) ? 'modified' : 'added', time);
  }

  /** Gives a version on, unless it is the one already known. */
  private take(object: JsonObject, observed: Observed, time: bigint): void {
    const key = keyOf(object);
    const known = knownOf(object);
    if (this.known.get(key)?.resource_version === known.resource_version) return;
    // Without a name it is no object of the cluster: only the loss of it is told.
    if (known.name !== null) this.known.set(key, known);
    this.give(object, observed, time);
  }

  private takeDeletion(object: JsonObject, time: bigint): void {
    this.known.delete(keyOf(object));
    this.give(object, 'deleted', time);
  }

  private give(object: JsonObject, observed: Observed, time: bigint): void {
    const whole = { apiVersion: this.apiVersion, kind: this.kind.kind, ...object };
    const observation = observe(whole, observed, time, this.context.trim);
    if ('row' in observation) this.context.onObservation(observation.row);
    if ('problem' in observation) {
      this.context.onGap({
        kind: this.name,
        since: time,
        until: time,
        reason: `unreadable object: ${observation.problem}`,
      });
    }
  }
}
