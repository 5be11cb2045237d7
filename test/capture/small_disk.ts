import { execFileSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { scratch } from '../scratch.js';

/** A file system in memory of so many MiB, gone when the test ends; needs root. */
export function smallDisk(t: TestContext, mib: number): string {
  // What was registered first runs first: the directory can be removed only when nothing is mounted there.
  let unmount = () => undefined as unknown;
  t.after(() => unmount());
  const disk = scratch(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'ktape-test', disk]);
  unmount = () => execFileSync('umount', ['--lazy', disk]);
  return disk;
}

/** Why there can be none; undefined where there can. */
export function whyNoSmallDisk(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root';
}
