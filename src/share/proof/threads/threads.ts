import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KtapeError } from '../../../errors.js';
import { Searcher, type Setting } from './searcher.js';

type Method = 'gather' | 'gathered' | 'lookFor' | 'scan' | 'metIds' | 'compareIds';
type Argument<M extends Method> = Parameters<Searcher[M]>[0];
type Answer<M extends Method> = Awaited<ReturnType<Searcher[M]>>;

/** What a thread is asked to do. */
export interface Asked {
  readonly method: Method;
  readonly argument: unknown;
}

/** What it answers. */
export type Told =
  | { readonly answer: unknown }
  | {
      readonly problem: string;
      readonly isForeseen: boolean;
      readonly code: unknown;
    };

/** Something that does what a Searcher does, one thing at a time. */
interface Thread {
  ask(method: Method, argument: unknown): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Threads that search at the same time. */
export class Threads {
  private readonly threads: readonly Thread[];

  /** @param count with one it is done in this thread: to start one takes longer than to search some megabytes */
  constructor(count: number, setting: Setting) {
    this.threads = count === 1 ? [here(setting)] : Array.from({ length: count }, () => inWorker(setting));
  }

  /** Has all of them do the same; their answers. */
  all<M extends Method>(method: M, argument: Argument<M>): Promise<Answer<M>[]> {
    return Promise.all(this.threads.map(async (thread) => (await asked(thread, method, argument)).answer));
  }

  /** Has each do the next one that nobody began, while the answers are looked at; these as they come. */
  async *each<M extends Method>(
    method: M,
    tasks: AsyncIterable<Argument<M>> | Iterable<Argument<M>>,
  ): AsyncGenerator<Answer<M>> {
    const idle = [...this.threads];
    const busy = new Map<Thread, Promise<{ thread: Thread; answer: Answer<M> }>>();
    const next = async (): Promise<Answer<M>> => {
      const { thread, answer } = await Promise.race(busy.values());
      busy.delete(thread);
      idle.push(thread);
      return answer;
    };
    for await (const task of tasks) {
      const answer = idle.length === 0 ? await next() : undefined;
      const thread = idle.pop();
      if (thread !== undefined) busy.set(thread, asked(thread, method, task));
      if (answer !== undefined) yield answer;
    }
    while (busy.size > 0) yield await next();
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }
}

async function asked<M extends Method>(thread: Thread, method: M, argument: Argument<M>) {
  return { thread, answer: (await thread.ask(method, argument)) as Answer<M> };
}

function here(setting: Setting): Thread {
  const searcher = new Searcher(setting);
  return {
    ask: (method, argument) => searcher[method](argument as never),
    end: async () => undefined,
  };
}

function inWorker(setting: Setting): Thread {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: setting,
  });
  return {
    ask: async (method, argument) => {
      const asked: Asked = { method, argument };
      worker.postMessage(asked);
      const [told] = (await once(worker, 'message')) as [Told];
      if ('answer' in told) return told.answer;
      if (told.isForeseen) throw new KtapeError(told.problem);
      throw Object.assign(new Error(told.problem), { code: told.code });
    },
    end: () => worker.terminate(),
  };
}
