import { setTimeout as sleep } from 'node:timers/promises';
import { epochNow } from '../clock.js';
import type { RunningSource, Say } from '../source.js';
import type { Session } from '../storage/session.js';
import { connectToLoader, loaderBehind, TRY_EVERY_MS } from './loader_socket.js';
import type { ProbeStatus, Probes } from './probes.js';
import { keepLosing, recordProbes, sourceOf } from './record_probes.js';

/** Containers of a pod start together: a loader that has not come by then is not coming. */
const FIRST_CONNECTION_MS = 30_000;

/**
 * Records from a loader that listens at `path`. Without one it says so after a while; when the connection
 * breaks it connects again, and what may have been missed meanwhile is noted as lost.
 * @param probes of which it is said that they are not recorded, where no loader answers
 */
export async function startSocketSource(
  path: string,
  probes: readonly string[],
  session: Session,
  say: Say,
  stopped: AbortSignal,
): Promise<RunningSource> {
  const connection = new Connection(path, session, say);
  const patience = AbortSignal.any([stopped, AbortSignal.timeout(FIRST_CONNECTION_MS)]);
  say(`waiting for the loader at ${path}`);
  const failure = await connection.open(patience);
  const statuses =
    failure === undefined
      ? connection.statuses
      : probes.map((probe) => ({ probe, failure: `no loader at ${path}: ${failure}` }));
  if (failure === undefined) connection.keep();
  return { sources: statuses.map(sourceOf), stop: () => connection.stop() };
}

/** The connection to the loader, made again whenever it breaks. */
class Connection {
  private readonly stopping = new AbortController();
  private current: Probes | undefined;
  private kept: Promise<void> = Promise.resolve();
  private eventsBefore = 0;
  statuses: readonly ProbeStatus[] = [];

  constructor(
    private readonly path: string,
    private readonly session: Session,
    private readonly say: Say,
  ) {
    session.counts.kernelEvents = () => this.eventsBefore + (this.current?.events() ?? 0);
  }

  /** Connects and waits until the loader has told of its probes; returns why there is none that does. */
  async open(patience: AbortSignal): Promise<string | undefined> {
    let failure: string | undefined;
    for (;;) {
      const socket = await connectToLoader(this.path, patience);
      if (typeof socket === 'string') return failure ?? socket;
      const probes = recordProbes(loaderBehind(socket), [], this.session);
      // One that is connected and says nothing is no loader: neither the start nor the end waits for it.
      const giveUp = () => socket.destroy(new Error('it says nothing'));
      patience.addEventListener('abort', giveUp, { once: true });
      if (patience.aborted) giveUp();
      this.statuses = await probes.ready;
      patience.removeEventListener('abort', giveUp);
      if (this.statuses.length > 0) {
        this.eventsBefore += this.current?.events() ?? 0;
        this.current = probes;
        return undefined;
      }
      failure = (await probes.ended).failure ?? 'the loader ended';
      await sleep(TRY_EVERY_MS, undefined, { signal: patience }).catch(() => undefined);
    }
  }

  /** Keeps it open until it is stopped. */
  keep(): void {
    this.kept = this.reopenWhenBroken();
  }

  private async reopenWhenBroken(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && this.current !== undefined) {
      const { failure = 'the loader ended', completeUntil } = await this.current.ended;
      if (signal.aborted) return;
      this.say(`kernel events end here: ${failure}`);
      const endGap = keepLosing(this.session, failure, completeUntil ?? epochNow());
      const problem = await this.open(signal);
      endGap();
      if (problem === undefined) this.say('kernel events go on');
    }
  }

  /** Has the loader hand over what it has. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.current?.stop();
    await this.kept;
    // One that was opened at that moment.
    await this.current?.stop();
  }
}
