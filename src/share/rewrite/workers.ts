import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KtapeError } from '../../errors.js';
import type { SegmentJob } from './segment_sharer.js';
import type { Problem, WorkerAnswer, WorkerSetting } from './worker.js';

/**
 * Has threads do the jobs, each the next one that nobody began, and gives the answers as they come. A job that fails
 * ends it all with its KtapeError.
 */
export async function* inWorkers(
  jobs: readonly SegmentJob[],
  setting: WorkerSetting,
  threads: number,
): AsyncGenerator<Extract<WorkerAnswer, { shared: unknown }>> {
  const workers = Array.from(
    { length: Math.min(threads, jobs.length) },
    () => new Worker(new URL('./worker.js', import.meta.url), { workerData: setting }),
  );
  try {
    const waiting = jobs.values();
    const answers = new Map(workers.map((worker) => [worker, ask(worker, waiting.next().value)]));
    while (answers.size > 0) {
      const { worker, answer } = await Promise.race(answers.values());
      const next = waiting.next().value;
      if (next === undefined) answers.delete(worker);
      else answers.set(worker, ask(worker, next));
      if ('problem' in answer) throw errorOf(answer.problem);
      yield answer;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function ask(
  worker: Worker,
  job: SegmentJob | undefined,
): Promise<{ worker: Worker; answer: WorkerAnswer }> {
  worker.postMessage(job);
  const [answer]: WorkerAnswer[] = await once(worker, 'message');
  return { worker, answer: answer ?? { problem: { message: 'a worker said nothing', isForeseen: false } } };
}

function errorOf({ message, isForeseen, code }: Problem): Error {
  if (isForeseen) return new KtapeError(message);
  return code === undefined ? new Error(message) : Object.assign(new Error(message), { code });
}
