import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KtapeError } from '../errors.js';
import type { Asked, Problem, Told } from './serve.js';

/** The methods of what a thread serves: of one argument, or none, with a promise of the answer. */
type Method<Served> = {
  [M in keyof Served]: Served[M] extends (argument: never) => Promise<unknown> ? M : never;
}[keyof Served] &
  string;
type Argument<Served, M extends Method<Served>> = Served[M] extends (argument: infer A) => Promise<unknown>
  ? A
  : never;
type Answer<Served, M extends Method<Served>> = Served[M] extends (argument: never) => Promise<infer A>
  ? A
  : never;

/** Something that does what it is asked to, one thing at a time. */
interface Thread {
  ask(method: string, argument: unknown): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Megabytes for what a thread made just now: with less, much of a segment is copied about that is forgotten with it. */
const YOUNG_MB = 64;

/** Threads that work at the same time, each serving an object of its own. What fails in one is thrown here. */
export class Threads<Served extends object> {
  private constructor(private readonly threads: readonly Thread[]) {}

  /**
   * Starts threads.
   * @param module of each: it makes an object and serves it
   * @param setting what the module is told, as its `workerData`
   */
  static start<Served extends object>(count: number, module: URL, setting: unknown): Threads<Served> {
    return new Threads(Array.from({ length: count }, () => started(module, setting)));
  }

  /** This thread alone: for little, which is done before another would have started. */
  static here<Served extends object>(served: Served): Threads<Served> {
    const methods = served as Record<string, (argument: unknown) => Promise<unknown>>;
    const ask = async (method: string, argument: unknown) => methods[method]?.(argument);
    return new Threads([{ ask, end: async () => undefined }]);
  }

  /** Has all of them do the same; their answers. */
  all<M extends Method<Served>>(method: M, argument: Argument<Served, M>): Promise<Answer<Served, M>[]> {
    return Promise.all(
      this.threads.map(async (thread) => (await asked<Answer<Served, M>>(thread, method, argument)).answer),
    );
  }

  /** Has each do the next one that nobody began, while the answers are looked at; these as they come. */
  async *each<M extends Method<Served>>(
    method: M,
    tasks: AsyncIterable<Argument<Served, M>> | Iterable<Argument<Served, M>>,
  ): AsyncGenerator<Answer<Served, M>> {
    const idle = [...this.threads];
    const busy = new Map<Thread, Promise<{ thread: Thread; answer: Answer<Served, M> }>>();
    const next = async (): Promise<Answer<Served, M>> => {
      const { thread, answer } = await Promise.race(busy.values());
      busy.delete(thread);
      idle.push(thread);
      return answer;
    };
    for await (const task of tasks) {
      const before = idle.length === 0 ? [await next()] : [];
      const thread = idle.pop();
      if (thread !== undefined) busy.set(thread, asked(thread, method, task));
      yield* before;
    }
    while (busy.size > 0) yield await next();
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }
}

async function asked<A>(thread: Thread, method: string, argument: unknown) {
  return { thread, answer: (await thread.ask(method, argument)) as A };
}

function started(module: URL, setting: unknown): Thread {
  const worker = new Worker(module, {
    workerData: setting,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return {
    ask: async (method, argument) => {
      worker.postMessage({ method, argument } satisfies Asked);
      const [told] = (await once(worker, 'message')) as [Told];
      if ('problem' in told) throw errorOf(told.problem);
      return told.answer;
    },
    end: () => worker.terminate(),
  };
}

function errorOf({ message, isForeseen, code }: Problem): Error {
  if (isForeseen) return new KtapeError(message);
  return code === undefined ? new Error(message) : Object.assign(new Error(message), { code });
}
