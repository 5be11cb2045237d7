import { WorkerThread } from './worker_thread.js';

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

/** Something that does what it is asked to, one thing after the other. */
interface Thread {
  ask(method: string, argument: unknown): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Tasks that a thread is given at once: it has the next one already when it answers, whatever this thread is busy with. */
const AT_ONCE = 2;

/** One of the tasks that a thread is given at once. */
interface Place {
  readonly thread: Thread;
}

/** Threads that work at the same time, each serving an object of its own. What fails in one is thrown here. */
export class Threads<Served extends object> {
  /** @param atOnce tasks that each is given at once */
  private constructor(
    private readonly threads: readonly Thread[],
    private readonly atOnce: number,
  ) {}

  /**
   * Starts threads.
   * @param module of each: it makes an object and serves it
   * @param setting what the module is told, as its `workerData`
   */
  static start<Served extends object>(count: number, module: URL, setting: unknown): Threads<Served> {
    const threads = Array.from({ length: count }, () => new WorkerThread(module, setting));
    return new Threads(threads, AT_ONCE);
  }

  /** This thread alone: for little, which is done before another would have started. */
  static here<Served extends object>(served: Served): Threads<Served> {
    const methods = served as Record<string, (argument: unknown) => Promise<unknown>>;
    const ask = async (method: string, argument: unknown) => methods[method]?.(argument);
    return new Threads([{ ask, end: async () => undefined }], 1);
  }

  /** Has all of them do the same; their answers. */
  all<M extends Method<Served>>(method: M, argument: Argument<Served, M>): Promise<Answer<Served, M>[]> {
    return Promise.all(
      this.threads.map(async (thread) => (await thread.ask(method, argument)) as Answer<Served, M>),
    );
  }

  /** Has each do the next ones that nobody began, while the answers are looked at; these as they come. */
  async *each<M extends Method<Served>>(
    method: M,
    tasks: AsyncIterable<Argument<Served, M>> | Iterable<Argument<Served, M>>,
  ): AsyncGenerator<Answer<Served, M>> {
    const free = Array.from({ length: this.atOnce }, () => this.threads.map((thread) => ({ thread }))).flat();
    const busy = new Map<Place, Promise<{ place: Place; answer: Answer<Served, M> }>>();
    const begin = (place: Place, task: Argument<Served, M>) => {
      const asked = place.thread
        .ask(method, task)
        .then((answer) => ({ place, answer: answer as Answer<Served, M> }));
      // Where one fails nobody waits for the others.
      asked.catch(() => undefined);
      busy.set(place, asked);
    };
    const next = async (): Promise<Answer<Served, M>> => {
      const { place, answer } = await Promise.race(busy.values());
      busy.delete(place);
      free.push(place);
      return answer;
    };
    for await (const task of tasks) {
      const before = free.length === 0 ? [await next()] : [];
      const place = free.pop();
      if (place !== undefined) begin(place, task);
      yield* before;
    }
    while (busy.size > 0) yield await next();
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }
}
