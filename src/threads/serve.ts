import { parentPort } from 'node:worker_threads';
import { KtapeError, reasonOf } from '../errors.js';

/** What a thread is asked to do: one of the methods of what it serves. */
export interface Asked {
  readonly method: string;
  readonly argument: unknown;
}

/** Why it was not done. */
export interface Problem {
  readonly message: string;
  /** Whether the message alone tells what to do; else it is a defect, or one of the system. */
  readonly isForeseen: boolean;
  /** Of errors of the system, such as ENOSPC. */
  readonly code: string | undefined;
}

/** What a thread answers. */
export type Told = { readonly answer: unknown } | { readonly problem: Problem };

/** Has this thread do what it is asked to, by the methods of an object, one after the other. */
export function serve(target: object): void {
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (asked: Asked) => {
    last = last.then(() => answer(target, asked));
  });
}

async function answer(target: object, { method, argument }: Asked): Promise<void> {
  const told = await answered(target, method, argument);
  parentPort?.postMessage(told, givenAway(told));
}

async function answered(target: object, method: string, argument: unknown): Promise<Told> {
  try {
    return { answer: await (target as Record<string, (argument: unknown) => unknown>)[method]?.(argument) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): Problem {
  const isForeseen = error instanceof KtapeError;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const isDefect = error instanceof Error && !isForeseen && code === undefined;
  return { message: (isDefect ? error.stack : undefined) ?? reasonOf(error), isForeseen, code };
}

/** Memory of numbers, which is not copied. */
function givenAway(told: Told): ArrayBuffer[] {
  return 'answer' in told && told.answer instanceof Int32Array ? [told.answer.buffer as ArrayBuffer] : [];
}
