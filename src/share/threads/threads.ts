import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KtapeError } from '../../errors.js';
import type { Setting, Sharer } from './sharer.js';

type Method = 'gather' | 'handOver' | 'know' | 'rewrite' | 'replaced';
type Argument<M extends Method> = Parameters<Sharer[M]>[0];
type Answer<M extends Method> = Awaited<ReturnType<Sharer[M]>>;

/** What a thread is asked to do. */
export interface Asked {
  readonly method: Method;
  readonly argument: unknown;
}

/** Why it was not done. */
export interface Problem {
  readonly message: string;
  /** Whether the message alone tells what to do; else it is a defect, or one of the system. */
  readonly isForeseen: boolean;
  /** Of errors of the system, such as ENOSPC. */
  readonly code?: string;
}

/** What a thread answers. */
export type Told = { readonly answer: unknown } | { readonly problem: Problem };

/** Megabytes for what a thread made just now: with less, much of a segment is copied about that is forgotten with it. */
const YOUNG_MB = 64;

/** Threads, each with a Sharer of its own that does one thing at a time. What fails in one is thrown here. */
export class Threads {
  private readonly workers: readonly Worker[];

  constructor(count: number, setting: Setting) {
    const file = new URL('./worker.js', import.meta.url);
    const options = { workerData: setting, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } };
    this.workers = Array.from({ length: count }, () => new Worker(file, options));
  }

  /** Has all of them do the same; their answers. */
  all<M extends Method>(method: M, argument: Argument<M>): Promise<Answer<M>[]> {
    return Promise.all(this.workers.map((worker) => ask(worker, method, argument)));
  }

  /** Has each do the next task that nobody began; the answers as they come. */
  async *each<M extends Method>(method: M, tasks: readonly Argument<M>[]): AsyncGenerator<Answer<M>> {
    const waiting = tasks.values();
    const busy = new Map<Worker, Promise<{ worker: Worker; answer: Answer<M> }>>();
    const begin = (worker: Worker): void => {
      const { value, done } = waiting.next();
      if (done === true) busy.delete(worker);
      else
        busy.set(
          worker,
          ask(worker, method, value).then((answer) => ({ worker, answer })),
        );
    };
    for (const worker of this.workers) begin(worker);
    while (busy.size > 0) {
      const { worker, answer } = await Promise.race(busy.values());
      begin(worker);
      yield answer;
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

async function ask<M extends Method>(worker: Worker, method: M, argument: Argument<M>): Promise<Answer<M>> {
  const asked: Asked = { method, argument };
  worker.postMessage(asked);
  const [told] = (await once(worker, 'message')) as [Told];
  if ('problem' in told) throw errorOf(told.problem);
  return told.answer as Answer<M>;
}

function errorOf({ message, isForeseen, code }: Problem): Error {
  if (isForeseen) return new KtapeError(message);
  return code === undefined ? new Error(message) : Object.assign(new Error(message), { code });
}
