import { parentPort, threadId, workerData } from 'node:worker_threads';
import { KtapeError, reasonOf } from '../../errors.js';
import { Sharer } from './sharer.js';
import type { Asked, Problem, Told } from './threads.js';

const sharer = new Sharer(workerData, String(threadId));

parentPort?.on('message', async ({ method, argument }: Asked) => {
  parentPort?.postMessage(await told(method, argument));
});

async function told(method: Asked['method'], argument: unknown): Promise<Told> {
  try {
    return { answer: await sharer[method](argument as never) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof KtapeError) return { message: error.message, isForeseen: true };
  if (!(error instanceof Error)) return { message: reasonOf(error), isForeseen: false };
  if ('code' in error && typeof error.code === 'string') {
    return { message: error.message, isForeseen: false, code: error.code };
  }
  return { message: error.stack ?? error.message, isForeseen: false };
}
