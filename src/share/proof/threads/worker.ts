import { parentPort, workerData } from 'node:worker_threads';
import { KtapeError, reasonOf } from '../../../errors.js';
import { Searcher } from './searcher.js';
import type { Asked, Told } from './threads.js';

const searcher = new Searcher(workerData);

parentPort?.on('message', async ({ method, argument }: Asked) => {
  const answer = await told(method, argument);
  parentPort?.postMessage(answer, memoryOf(answer));
});

/** Memory that is given away rather than copied. */
function memoryOf(told: Told): ArrayBuffer[] {
  return 'answer' in told && told.answer instanceof Int32Array ? [told.answer.buffer as ArrayBuffer] : [];
}

async function told(method: Asked['method'], argument: Asked['argument']): Promise<Told> {
  try {
    return { answer: await searcher[method](argument as never) };
  } catch (error) {
    const isForeseen = error instanceof KtapeError;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { problem: reasonOf(error), isForeseen, code };
  }
}
