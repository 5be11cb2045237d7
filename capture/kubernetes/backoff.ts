import type { ApiError } from './api_server.js';

/** How long to wait between attempts, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
  /** After the server refused (no permission, no such kind), which seldom changes. */
  readonly refusedMs: number;
  /** At most, after a list whose rows could not be kept: listing adds to what there is no room for. */
  readonly shedMostMs: number;
}

export const DEFAULT_BACKOFF: Backoff = {
  firstMs: 250,
  mostMs: 30_000,
  refusedMs: 60_000,
  shedMostMs: 600_000,
};

/** How long to wait after so many failures in a row, the last of them this one. `random` is from 0 to 1. */
export function waitMs(
  { isRefusal, retryAfterMs }: Pick<ApiError, 'isRefusal' | 'retryAfterMs'>,
  backoff: Backoff,
  failures: number,
  random: number,
): number {
  if (isRefusal) return backoff.refusedMs;
  return Math.max(delayMs(backoff, failures, random), Math.min(retryAfterMs, backoff.refusedMs));
}

/** Doubles with every failure; half of it is chance, so that recorders do not come back all at once. */
export function delayMs(
  { firstMs, mostMs }: Pick<Backoff, 'firstMs' | 'mostMs'>,
  failures: number,
  random: number,
): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (full / 2) * random;
}

/** Waits, or returns as soon as the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
