import { Worker } from 'node:worker_threads';
import { KtapeError } from '../errors.js';
import type { Asked, Problem, Told } from './serve.js';

/** Megabytes for what a thread made just now: with less, much of a segment is copied about that is forgotten with it. */
const YOUNG_MB = 64;

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that serves an object: it does what it is asked to, one thing after the other. */
export class WorkerThread {
  private readonly worker: Worker;
  /** In the order in which they asked, which is that of the answers. */
  private readonly waiting: Waiting[] = [];
  /** What the thread died of. */
  private failure: Error | undefined;

  /**
   * @param module it makes an object and serves it
   * @param setting what the module is told, as its `workerData`
   */
  constructor(module: URL, setting: unknown) {
    this.worker = new Worker(module, {
      workerData: setting,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.worker.on('message', (told: Told) => this.answered(told));
    this.worker.on('error', (error) => this.died(error));
  }

  ask(method: string, argument: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.waiting.push({ resolve, reject });
      this.worker.postMessage({ method, argument } satisfies Asked);
    });
  }

  end(): Promise<unknown> {
    return this.worker.terminate();
  }

  private answered(told: Told): void {
    const first = this.waiting.shift();
    if ('problem' in told) first?.reject(errorOf(told.problem));
    else first?.resolve(told.answer);
  }

  private died(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

function errorOf({ message, isForeseen, code }: Problem): Error {
  if (isForeseen) return new KtapeError(message);
  return code === undefined ? new Error(message) : Object.assign(new Error(message), { code });
}
