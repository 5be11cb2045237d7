import type { Manifest } from './manifest.js';

/**
 * What a reader must know of a tape whose recorder still runs, or died: a sentence about it, or none where it was
 * completed. `what` is how the tape is called, such as `This tape`.
 */
export function notCompleted(what: string, { state, seen_until }: Manifest): string[] {
  if (state === 'complete') return [];
  const lacking =
    seen_until === null ? 'what the recorder had not sealed yet' : `what came after ${seen_until}`;
  return [`${what} was not completed: ${lacking} is not in it.`];
}
