import type { StoreLimits } from './store.js';

const MIB = 2 ** 20;

/** Bytes that the recorder may take unless told otherwise. */
export const DEFAULT_MAX_MEMORY = 200 * MIB;

/** What the recorder takes while nothing waits to be written: Node.js, its code, buffers of requests and of a sealing. */
const REST_MIB = 120;

/** Less would leave too little to rows. */
export const LEAST_MEMORY_MIB = REST_MIB + 20;

/** Requests that a start has to read at once after a crash, at most, in bytes about. */
const LARGEST_JOURNAL = 64 * MIB;

/** A request of the largest size, as it came and decompressed. */
const LEAST_HELD = 32 * MIB;

/** Bytes of requests that the receivers may hold, so that the recorder takes about `maxMemory` bytes at most. */
export function heldLimit(maxMemory: number): number {
  return Math.max(LEAST_HELD, Math.min(64 * MIB, (maxMemory - REST_MIB * MIB) / 2));
}

/** How much may wait in memory, so that the recorder takes about `maxMemory` bytes at most. */
export function memoryLimits(maxMemory: number): StoreLimits {
  const rows = maxMemory - REST_MIB * MIB;
  return {
    sealAtBytes: Math.min(32 * MIB, Math.floor(rows * 0.2)),
    journalAtBytes: Math.min(LARGEST_JOURNAL, rows),
    fullAtBytes: Math.floor(rows * 0.8),
  };
}
