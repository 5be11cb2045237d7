import type { Ending } from '../capture/probes/network.js';

/** Runs a benchmark that makes things on this machine, and afterwards undoes them, the last first. */
export async function undoing<R>(work: (ending: Ending) => Promise<R>): Promise<R> {
  const undos: (() => void)[] = [];
  try {
    return await work({ after: (undo) => undos.push(undo) });
  } finally {
    for (const undo of undos.reverse()) undo();
  }
}

/** Says why a benchmark cannot run here, if there is a reason. */
export function skipped(name: string, reason: string | undefined): boolean {
  if (reason !== undefined) console.error(`${name} is skipped: ${reason}`);
  return reason !== undefined;
}
