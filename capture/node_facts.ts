import { arch, release, uptime } from 'node:os';
import type { NodeFacts } from '../src/tape/manifest.js';
import { formatTime } from '../src/tape/time.js';

/** Facts about this machine that answers depend on. `now` is nanoseconds since the epoch. */
export function nodeFacts(name: string, now: bigint): NodeFacts {
  const booted = now - BigInt(Math.round(uptime() * 1000)) * 1_000_000n;
  return { name, kernel: release(), architecture: arch(), boot_time: formatTime(booted) };
}
