import { type JsonObject, objectAt, textAt } from '../../src/kubernetes/json.js';
import { collectionPath, kindName, type WatchedKind } from '../../src/kubernetes/kinds.js';
import { itemsOf } from '../../src/kubernetes/list.js';
import { ApiError } from './api_server.js';
import { pause, waitMs } from './backoff.js';
import { GapTracker } from './gap.js';
import { ShedRows } from './shed_rows.js';
import { ToldObjects } from './told_objects.js';
import type { WatchContext } from './watch_context.js';
import { type WatchEvent, watchEvents } from './watch_stream.js';

/** Objects in a page of a list. One of 500 pods took 100 MiB more memory and held all else up three times as long. */
const PAGE = '100';
/** The server ends a watch after this; a watch that has not ended long after is dead. */
const WATCH_SECONDS = 240;
const DEAD_AFTER_MS = (WATCH_SECONDS + 30) * 1000;
/** A watch that ends within this without an event did not work. */
const AT_ONCE_NS = 1_000_000_000n;

/** Lists and watches one kind until aborted. */
export class KindWatcher {
  private readonly told: ToldObjects;
  private readonly gap: GapTracker;
  private readonly shed: ShedRows;
  /** What the kind is called where kinds of one name must be told apart. */
  readonly name: string;
  /** Whether the server had no such kind when it was last asked. */
  private isAbsent = false;
  /** The version to watch from; undefined: list first. */
  private resourceVersion: string | undefined;
  /** Whether a list has shown everything, so that the next one need only tell what changed. */
  private hasListed = false;
  /** Ends the watch that runs, to list. */
  private watching = new AbortController();
  private startsOver = false;
  private failures = 0;
  /** Up to when everything the server had to say was heard. */
  private heardUntil: bigint;
  /** The same, before a watch that was taken up again and has not said anything yet. */
  private resumedFrom: bigint | undefined;

  constructor(
    private readonly kind: WatchedKind,
    private readonly context: WatchContext,
  ) {
    this.name = kindName(kind.apiVersion, kind.kind);
    this.told = new ToldObjects(kind, kind.apiVersion, context);
    this.gap = new GapTracker(this.name, context.onGap);
    this.shed = new ShedRows(this.name, context.onGap, context.backoff);
    this.heardUntil = context.clock();
    this.gap.begin(this.heardUntil, 'not listed yet');
  }

  async run(): Promise<void> {
    const { signal, clock, backoff } = this.context;
    while (!signal.aborted) {
      try {
        if (this.startsOver) this.startOver();
        if (this.resourceVersion === undefined) await this.list();
        if (this.isAbsent) await pause(backoff.refusedMs, signal);
        else if (!this.startsOver) await this.watch();
      } catch (error) {
        if (signal.aborted) break;
        // A fault of ours.
        if (!(error instanceof ApiError)) throw error;
        // Then it was broken off, or a list follows all the same.
        if (!this.startsOver) await this.recover(error);
      }
    }
    this.gap.end(clock(), !this.hasListed);
    this.shed.stop(clock());
  }

  /** Rows of the kind that were given, the first of them of `since`, are not kept after all. */
  rowsShed(since: bigint): void {
    this.shed.shed(since, performance.now());
  }

  /** Call it now and then: where rows were shed, all objects are listed anew once there is room. */
  tend(): void {
    if (!this.shed.lacks) return;
    this.shed.goOn(this.context.clock());
    if (!this.shed.isListDue(performance.now()) || !this.context.hasRoom()) return;
    this.startsOver = true;
    this.watching.abort();
  }

  /** Has the next list show everything, as the first one did. */
  private startOver(): void {
    this.startsOver = false;
    this.shed.beginList(performance.now());
    this.hasListed = false;
    this.isAbsent = false;
    this.resourceVersion = undefined;
  }

  /** Says that watching fails and waits a while. */
  private async recover(error: ApiError): Promise<void> {
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
    const version = await discovery.servedVersion(this.kind, this.told.apiVersion);
    if (version === undefined) {
      // A cluster without the kind has no objects of it: as good as an empty list, which has no version.
      this.finishList(new Set(), clock(), null);
      this.isAbsent = true;
      this.failures = 0;
      return;
    }
    if (this.isAbsent) this.gap.begin(this.heardUntil, 'the API server did not serve it yet');
    this.isAbsent = false;
    this.told.apiVersion = version;
    // An attempt that broke off does not shorten the first list, which shows everything.
    if (!this.hasListed) this.told.forget();
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
        listed.add(this.told.listed(item, time));
      }
      next = textAt(objectAt(page, 'metadata'), 'continue') ?? undefined;
    } while (next !== undefined);
    this.resourceVersion = textAt(objectAt(page, 'metadata'), 'resourceVersion') ?? '0';
    this.finishList(listed, time, this.resourceVersion);
  }

  /** What is known and was not listed has vanished; then the mark. A kind that is still absent has had its mark. */
  private finishList(listed: ReadonlySet<string>, time: bigint, resourceVersion: string | null): void {
    this.told.vanished(listed, time);
    if (!this.isAbsent) this.told.marked(this.hasListed ? 'relisted' : 'listed', resourceVersion, time);
    this.gap.end(time, this.hasListed);
    this.shed.endList(time);
    this.hasListed = true;
    this.heardUntil = time;
    this.resumedFrom = undefined;
  }

  private get path(): string {
    return collectionPath({ apiVersion: this.told.apiVersion, plural: this.kind.plural });
  }

  private async watch(): Promise<void> {
    const { server, signal, clock } = this.context;
    this.watching = new AbortController();
    const response = await server.open(
      this.path,
      {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: this.resourceVersion ?? '0',
        timeoutSeconds: String(WATCH_SECONDS),
      },
      AbortSignal.any([signal, this.watching.signal, AbortSignal.timeout(DEAD_AFTER_MS)]),
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
    if (type === 'DELETED') this.told.deleted(object, time);
    else if (type !== 'BOOKMARK') this.told.changed(object, time);
  }
}
